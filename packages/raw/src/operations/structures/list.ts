import { LookupInSpec } from '../../subdoc/lookup-in-spec.js';
import { MutateInSpec } from '../../subdoc/mutate-in-spec.js';
import { elementPath } from '../../subdoc/path.js';
import { additionOf, changeOf, changingSpec, countOf, readOf } from './structure.js';

export const listAppend = additionOf(changingSpec('listAppend'), (value: unknown) =>
  MutateInSpec.arrayAppend('', [value]),
);

export const listPrepend = additionOf(changingSpec('listPrepend'), (value: unknown) =>
  MutateInSpec.arrayPrepend('', [value]),
);

export const listSet = changeOf(changingSpec('listSet'), (index: number, value: unknown) =>
  MutateInSpec.replace(elementPath(index), value),
);

export const listGet = readOf('listGet', (index: number) => LookupInSpec.get(elementPath(index)));

export const listRemove = changeOf(changingSpec('listRemove'), (index: number) =>
  MutateInSpec.remove(elementPath(index)),
);

export const listSize = countOf('listSize');
