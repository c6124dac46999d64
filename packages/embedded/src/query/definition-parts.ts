import type { Engine } from './engine.js';
import type { QueryHost } from './query-host.js';
import type { QueryRights } from './query-rights.js';
import type { StorePlaces } from './store-places.js';

/** What carries out statements about definitions for one request. */
export interface DefinitionParts {
  readonly engine: Engine;
  readonly cluster: QueryHost;
  readonly rights: QueryRights;
  readonly places: StorePlaces;
}
