import { ArgumentError } from '@cb/protocol';
import { LookupInSpec } from '../../subdoc/lookup-in-spec.js';
import { MutateInSpec } from '../../subdoc/mutate-in-spec.js';
import { subdocPath } from '../../subdoc/path.js';
import { describe } from '../../values/argument-checks.js';
import { additionOf, changeOf, changingSpec, countOf, readOf } from './structure.js';

export const mapAdd = additionOf(changingSpec('mapAdd'), (mapKey: string, value: unknown) =>
  MutateInSpec.upsert(memberPath(mapKey), value),
);

export const mapGet = readOf('mapGet', (mapKey: string) => LookupInSpec.get(memberPath(mapKey)));

export const mapRemove = changeOf(changingSpec('mapRemove'), (mapKey: string) =>
  MutateInSpec.remove(memberPath(mapKey)),
);

export const mapSize = countOf('mapSize');

/** A key of a map is one name, whatever it looks like. */
function memberPath(mapKey: unknown): string {
  if (typeof mapKey === 'string' && mapKey !== '') return subdocPath(mapKey);
  throw new ArgumentError(`the key in a map is a string that is not empty, not ${describe(mapKey)}`);
}
