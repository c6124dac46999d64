import { MutateInSpec, subdocPath } from '@cb/promise';
import { allSteps, follow, type Json, type Steps } from '../../packages/embedded/test/subdoc/json-model.js';

/** A change that is not tied to a document yet: `choice` picks the place in whatever document it is made in. */
export interface Plan {
  readonly kind: (typeof KINDS)[number];
  readonly choice: number;
  readonly name: string;
  readonly values: readonly Json[];
  readonly number: number;
}

export const KINDS = [
  'upsert',
  'upsertDeep',
  'insert',
  'replace',
  'remove',
  'arrayAppend',
  'arrayPrepend',
  'arrayInsert',
  'arrayAddUnique',
  'counter',
] as const;

type Failure = 'subdoc_path_mismatch' | 'subdoc_path_exists' | 'subdoc_path_not_found';

/** A change of a certain document: what to ask the server for, and what happens to the model. */
export interface Edit {
  readonly spec: MutateInSpec;
  /** Changes the document, or tells the code of the error. */
  apply(document: Json): Failure | undefined;
}

type Container = Record<string | number, Json>;

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Makes the edit for a place that the document has. */
export function editOf({ kind, choice, name, values, number }: Plan, document: Json): Edit {
  const place = placeFor(kind, choice, document);
  const [value] = values as [Json];
  switch (kind) {
    case 'upsert':
      return { spec: MutateInSpec.upsert(subdocPath(...place, name), value), apply: setting(place, name, value, true) };
    case 'upsertDeep': {
      const spec = MutateInSpec.upsert(subdocPath(...place, name, 'new', 'er'), value, { createParents: true });
      return { spec, apply: settingDeep(place, [name, 'new', 'er'], value) };
    }
    case 'insert':
      return {
        spec: MutateInSpec.insert(subdocPath(...place, name), value),
        apply: setting(place, name, value, false),
      };
    case 'replace': {
      const at = place.length === 0 ? [missing(document)] : place;
      return { spec: MutateInSpec.replace(subdocPath(...at), value), apply: replacing(at, value) };
    }
    case 'remove': {
      const at = place.length === 0 ? [missing(document)] : place;
      return { spec: MutateInSpec.remove(subdocPath(...at)), apply: removing(at) };
    }
    case 'arrayAppend':
      return {
        spec: MutateInSpec.arrayAppend(subdocPath(...place), values),
        apply: adding(place, 'push', values),
      };
    case 'arrayPrepend':
      return {
        spec: MutateInSpec.arrayPrepend(subdocPath(...place), values),
        apply: adding(place, 'unshift', values),
      };
    case 'arrayInsert':
      return {
        spec: MutateInSpec.arrayInsert(subdocPath(...place, number), values),
        apply: inArray(place, (array) => {
          if (number > array.length) return 'subdoc_path_not_found';
          array.splice(number, 0, ...values);
          return undefined;
        }),
      };
    case 'arrayAddUnique':
      return {
        spec: MutateInSpec.arrayAddUnique(subdocPath(...place), number),
        apply: inArray(place, (array) => {
          // The server stops at the first element that decides: an equal one, or one that cannot be compared.
          for (const each of array) {
            if (typeof each === 'object' && each !== null) return 'subdoc_path_mismatch';
            if (each === number) return 'subdoc_path_exists';
          }
          array.push(number);
          return undefined;
        }),
      };
    case 'counter':
      return {
        spec: MutateInSpec.counter(subdocPath(...place, name), number + 1),
        apply: counting(place, name, number + 1),
      };
  }
}

/** Any place at all now and then, else one that the change can succeed at, if there is one. */
function placeFor(kind: Plan['kind'], choice: number, document: Json): Steps {
  const all = [...allSteps(document)];
  const isFit = kind.startsWith('array') ? Array.isArray : isObject;
  const fit = all.filter((steps) => isFit(follow(document, steps)));
  const places = choice % 8 === 0 || fit.length === 0 || kind === 'replace' || kind === 'remove' ? all : fit;
  return places[choice % places.length]!;
}

/** A first step to nowhere: past the end of an array, or a name that nothing has. */
function missing(document: Json): string | number {
  return Array.isArray(document) ? document.length : 'no such name';
}

function setting(place: Steps, name: string, value: Json, replaces: boolean): Edit['apply'] {
  return (document) => {
    const parent = follow(document, place);
    if (!isObject(parent)) return 'subdoc_path_mismatch';
    if (Object.hasOwn(parent, name) && !replaces) return 'subdoc_path_exists';
    parent[name] = value;
    return undefined;
  };
}

function settingDeep(place: Steps, names: readonly string[], value: Json): Edit['apply'] {
  return (document) => {
    let parent = follow(document, place);
    let made = value;
    for (const [depth, name] of names.entries()) {
      if (!isObject(parent)) return 'subdoc_path_mismatch';
      if (!Object.hasOwn(parent, name) || depth === names.length - 1) {
        for (const below of names.slice(depth + 1).toReversed()) made = { [below]: made };
        parent[name] = made;
        return undefined;
      }
      parent = parent[name]!;
    }
    return undefined;
  };
}

function replacing(at: Steps, value: Json): Edit['apply'] {
  return (document) => {
    const parent = follow(document, at.slice(0, -1)) as Container;
    const last = at.at(-1)!;
    if (!Object.hasOwn(parent, last)) return 'subdoc_path_not_found';
    parent[last] = value;
    return undefined;
  };
}

function removing(at: Steps): Edit['apply'] {
  return (document) => {
    const parent = follow(document, at.slice(0, -1)) as Container;
    const last = at.at(-1)!;
    if (!Object.hasOwn(parent, last)) return 'subdoc_path_not_found';
    if (Array.isArray(parent)) parent.splice(last as number, 1);
    else delete parent[last];
    return undefined;
  };
}

function inArray(place: Steps, change: (array: Json[]) => Failure | undefined): Edit['apply'] {
  return (document) => {
    const target = follow(document, place);
    return Array.isArray(target) ? change(target) : 'subdoc_path_mismatch';
  };
}

function adding(place: Steps, how: 'push' | 'unshift', values: readonly Json[]): Edit['apply'] {
  return inArray(place, (array) => {
    array[how](...values);
    return undefined;
  });
}

function counting(place: Steps, name: string, delta: number): Edit['apply'] {
  return (document) => {
    const parent = follow(document, place);
    if (!isObject(parent)) return 'subdoc_path_mismatch';
    const before = Object.hasOwn(parent, name) ? parent[name] : 0;
    if (typeof before !== 'number') return 'subdoc_path_mismatch';
    parent[name] = before + delta;
    return undefined;
  };
}
