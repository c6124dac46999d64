import { truth } from '../values/truth.js';
import { isObject, type Value } from '../values/value.js';
import { descendants } from './membership.js';
import { setMember } from './paths.js';
import type { Evaluate, Row, Run } from './run.js';

/** A binding of ANY, ARRAY and their like, its source compiled. */
export interface BindingCode {
  readonly slot: number;
  readonly positionSlot: number | undefined;
  readonly descend: boolean;
  readonly source: Evaluate;
}

/** What the bindings run over: NULL or MISSING if a source does not allow it. */
interface Walk {
  readonly values: readonly (readonly Value[])[];
  readonly positions: readonly (readonly Value[] | undefined)[];
  readonly length: number;
}

function walkOf(bindings: readonly BindingCode[], row: Row, run: Run): Walk | null | undefined {
  const values: (readonly Value[])[] = [];
  const positions: (readonly Value[] | undefined)[] = [];
  let isNull = false;
  let length = Infinity;
  for (const binding of bindings) {
    const source = binding.source(row, run);
    if (source === undefined) return undefined;
    const here = valuesOf(binding, source);
    if (here === undefined) isNull = true;
    values.push(here ?? []);
    positions.push(positionsOf(binding, source, here ?? []));
    length = Math.min(length, here?.length ?? 0);
  }
  return isNull ? null : { values, positions, length };
}

function valuesOf(binding: BindingCode, source: Value): readonly Value[] | undefined {
  if (binding.descend) {
    if (Array.isArray(source) || isObject(source)) return withDescendants(source);
    return undefined;
  }
  if (Array.isArray(source)) return source as readonly Value[];
  if (binding.positionSlot === undefined || !isObject(source)) return undefined;
  return Object.keys(source)
    .sort()
    .map((name) => source[name]);
}

/** WITHIN runs over the container too, if it is an object. */
function withDescendants(source: Value): readonly Value[] {
  return [...descendants(source)];
}

function positionsOf(
  { positionSlot, descend }: BindingCode,
  source: Value,
  values: readonly Value[],
): Value[] | undefined {
  if (positionSlot === undefined) return undefined;
  if (isObject(source) && !descend) return Object.keys(source).sort();
  return values.map((_, at) => at);
}

function bind(bindings: readonly BindingCode[], { values, positions }: Walk, at: number, row: Row, run: Run): void {
  run.pace();
  for (let each = 0; each < bindings.length; each++) {
    const { slot, positionSlot } = bindings[each] as BindingCode;
    row[slot] = (values[each] as readonly Value[])[at];
    if (positionSlot !== undefined) row[positionSlot] = (positions[each] as readonly Value[])[at];
  }
}

/** Returns a copy of a row for each step of bindings, with their values in it; none if a source does not allow it. */
export function bindingRows(bindings: readonly BindingCode[], row: Row, run: Run): Row[] {
  const walk = walkOf(bindings, row, run);
  const rows: Row[] = [];
  for (let at = 0; at < (walk?.length ?? 0); at++) {
    const step = row.slice();
    bind(bindings, walk as Walk, at, step, run);
    rows.push(step);
  }
  return rows;
}

/** Compiles ANY, EVERY and ANY AND EVERY. */
export function quantified(
  quantifier: 'any' | 'every' | 'any and every',
  bindings: readonly BindingCode[],
  condition: Evaluate,
): Evaluate {
  const [first] = bindings;
  const isPlain = bindings.length === 1 && first?.positionSlot === undefined && first?.descend === false;
  if (isPlain && quantifier === 'any') return anyOf(first, condition);
  return (row, run) => {
    const walk = walkOf(bindings, row, run);
    if (walk === undefined || walk === null) return walk;
    if (quantifier === 'any and every' && walk.length === 0) return false;
    for (let at = 0; at < walk.length; at++) {
      bind(bindings, walk, at, row, run);
      const isTrue = truth(condition(row, run)) === true;
      if (quantifier === 'any' && isTrue) return true;
      if (quantifier !== 'any' && !isTrue) return false;
    }
    return quantifier !== 'any';
  };
}

function anyOf({ slot, source }: BindingCode, condition: Evaluate): Evaluate {
  return (row, run) => {
    const values = source(row, run);
    if (!Array.isArray(values)) return values === undefined ? undefined : null;
    for (const value of values as readonly Value[]) {
      run.pace();
      row[slot] = value;
      if (truth(condition(row, run)) === true) return true;
    }
    return false;
  };
}

export interface ComprehensionCode {
  readonly name: Evaluate | undefined;
  readonly value: Evaluate;
  readonly bindings: readonly BindingCode[];
  readonly when: Evaluate | undefined;
}

/** Compiles ARRAY … FOR. `isWhole` if it is the source itself that it gives. */
export function arrayFor({ value, bindings, when }: ComprehensionCode, isWhole: boolean): Evaluate {
  return (row, run) => {
    const walk = walkOf(bindings, row, run);
    if (walk === undefined || walk === null) return walk;
    if (isWhole) return walk.values[0];
    const result: Value[] = [];
    for (let at = 0; at < walk.length; at++) {
      bind(bindings, walk, at, row, run);
      if (when !== undefined && truth(when(row, run)) !== true) continue;
      const element = value(row, run);
      if (element !== undefined) result.push(element);
    }
    return result;
  };
}

/** Compiles FIRST … FOR. */
export function firstFor({ value, bindings, when }: ComprehensionCode): Evaluate {
  return (row, run) => {
    const walk = walkOf(bindings, row, run);
    if (walk === undefined || walk === null) return walk;
    for (let at = 0; at < walk.length; at++) {
      bind(bindings, walk, at, row, run);
      if (when === undefined || truth(when(row, run)) === true) return value(row, run);
    }
    return undefined;
  };
}

/** Compiles OBJECT … FOR. */
export function objectFor({ name, value, bindings, when }: ComprehensionCode): Evaluate {
  return (row, run) => {
    const walk = walkOf(bindings, row, run);
    if (walk === undefined || walk === null) return walk;
    const result: Record<string, Value> = {};
    for (let at = 0; at < walk.length; at++) {
      bind(bindings, walk, at, row, run);
      if (when !== undefined && truth(when(row, run)) !== true) continue;
      const key = name?.(row, run);
      if (typeof key !== 'string') return key === undefined ? undefined : null;
      const member = value(row, run);
      if (member !== undefined) setMember(result, key, member);
    }
    return result;
  };
}
