import type { FunctionStore, PreparedStore, SequenceStore } from '@cb/sqlpp';
import type { ServiceBucket } from '../http/hosts.js';
import type { ScopeEntry } from '../store/manifest.js';
import type { SandboxLimits } from '../views/sandbox/sandbox.js';
import type { Engine } from './engine.js';
import { FunctionRunner } from './function-runner.js';
import { FunctionCounter } from './function-uses.js';
import { Libraries } from './libraries.js';
import { RequestLog } from './request-log.js';

/** What statements define in a scope, besides its collections. */
export interface ScopeStores {
  readonly sequences: SequenceStore;
  readonly functions: FunctionStore;
}

/** What the query services of all nodes of a cluster share. Nothing of it is there before the first query. */
export class QueryState {
  /** How often functions have been called. */
  readonly uses = new FunctionCounter();
  /** Libraries of functions of JavaScript. */
  readonly libraries = new Libraries();
  /** What runs functions of JavaScript. */
  readonly javascript: FunctionRunner;
  readonly requests = new RequestLog();
  /** By the id of the scope, as a scope that is created again has nothing of the one before. */
  readonly #scopes = new WeakMap<ServiceBucket, Map<number, ScopeStores>>();
  #globalFunctions: FunctionStore | undefined;
  #prepareds: PreparedStore | undefined;
  #planRevision = 0;

  /** @param functionLimits the limits of functions of JavaScript */
  constructor(functionLimits: SandboxLimits) {
    this.javascript = new FunctionRunner(functionLimits, this.libraries);
  }

  /** Another number when statements should be planned again, because there are other indexes. */
  get planRevision(): number {
    return this.#planRevision;
  }

  /** Makes prepared statements be planned again before they are run next. */
  replan(): void {
    this.#planRevision++;
  }

  /** The prepared statements, which all nodes know. */
  prepareds(engine: Engine): PreparedStore {
    this.#prepareds ??= new engine.PreparedStore();
    return this.#prepareds;
  }

  /** What is defined in a scope. */
  definitions(engine: Engine, bucket: ServiceBucket, { id }: ScopeEntry): ScopeStores {
    const stores = this.#scopes.get(bucket) ?? new Map<number, ScopeStores>();
    this.#scopes.set(bucket, stores);
    const known = stores.get(id);
    if (known !== undefined) return known;
    forgetDropped(stores, bucket);
    const made: ScopeStores = { sequences: new engine.SequenceStore(), functions: new engine.FunctionStore() };
    stores.set(id, made);
    return made;
  }

  /** The functions that are not of a scope. */
  globalFunctions(engine: Engine): FunctionStore {
    this.#globalFunctions ??= new engine.FunctionStore();
    return this.#globalFunctions;
  }

  /** Ends what runs for statements. */
  dispose(): void {
    this.javascript.dispose();
  }
}

function forgetDropped(stores: Map<number, ScopeStores>, { manifest }: ServiceBucket): void {
  const ids = new Set(manifest.scopes.map(({ id }) => id));
  for (const id of stores.keys()) if (!ids.has(id)) stores.delete(id);
}
