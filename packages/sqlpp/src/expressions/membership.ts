import { equal, identityKey } from '../values/equality.js';
import { isObject, type Value } from '../values/value.js';
import type { Evaluate } from './run.js';

/** Elements from which a constant list is looked up instead of walked. */
const LOOKUP_MIN = 8;

/** Compiles IN. */
export function isIn(value: Evaluate, list: Evaluate): Evaluate {
  return (row, run) => contains(value(row, run), list(row, run));
}

/** Compiles IN a list that is known before the statement runs. */
export function isInConstant(value: Evaluate, list: Value): Evaluate {
  if (!Array.isArray(list) || list.length < LOOKUP_MIN || !list.every(isScalar)) {
    return (row, run) => contains(value(row, run), list);
  }
  const keys = new Set(list.map(identityKey));
  return (row, run) => {
    const sought = value(row, run);
    return typeof sought === 'string' ? keys.has(identityKey(sought)) : contains(sought, list);
  };
}

function isScalar(value: Value): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function contains(sought: Value, list: Value): Value {
  if (sought === undefined || list === undefined) return undefined;
  if (!Array.isArray(list)) return null;
  let isUnknown = false;
  for (const element of list as readonly Value[]) {
    const here = equal(sought, element);
    if (here === true) return true;
    if (here !== false) isUnknown = true;
  }
  return isUnknown ? null : false;
}

/** Compiles WITHIN: the value may stand at any depth. */
export function isWithin(value: Evaluate, container: Evaluate): Evaluate {
  return (row, run) => {
    const sought = value(row, run);
    const around = container(row, run);
    if (sought === undefined || around === undefined) return undefined;
    if (!Array.isArray(around) && !isObject(around)) return null;
    return search(sought, around);
  };
}

function search(sought: Value, container: Value): boolean | null {
  let isUnknown = false;
  for (const inner of descendants(container)) {
    const here = equal(sought, inner);
    if (here === true) return true;
    if (here !== false) isUnknown = true;
  }
  return isUnknown ? null : false;
}

/** Yields what stands in a container at any depth, without the container: a value before what is in it. */
export function* descendants(container: Value): Generator<Value> {
  if (Array.isArray(container)) {
    for (const element of container as readonly Value[]) {
      yield element;
      yield* descendants(element);
    }
  } else if (isObject(container)) {
    for (const name of Object.keys(container).sort()) {
      yield container[name];
      yield* descendants(container[name]);
    }
  }
}
