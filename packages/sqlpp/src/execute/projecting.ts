import { clauseFault } from '../errors/clause-fault.js';
import { setMember } from '../expressions/paths.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import { identityKey } from '../values/equality.js';
import { isObject, type Value } from '../values/value.js';
import type { Batch, Operator } from './operator.js';

/** A term of a result: the members of an object, or one with a name. */
export type TermCode =
  | { readonly kind: 'value'; readonly name: string; readonly value: Evaluate }
  | { readonly kind: 'members'; readonly value: Evaluate };

/** Steps to what EXCLUDE leaves out. */
export type ExcludedPath = readonly string[];

/** Compiles a result of terms to an expression that gives the whole row. */
export function resultOf(terms: readonly TermCode[], excluded: readonly ExcludedPath[]): Evaluate {
  const make = terms.every((term) => term.kind === 'value') ? namedResult(terms) : mixedResult(terms);
  if (excluded.length === 0) return make;
  return (row, run) => excluded.reduce<Value>(without, make(row, run));
}

type NamedTerm = Extract<TermCode, { kind: 'value' }>;

function namedResult(terms: readonly NamedTerm[]): Evaluate {
  if (terms.some(({ name }) => name === '__proto__')) return mixedResult(terms);
  return (row, run) => {
    const result: Record<string, Value> = {};
    for (const { name, value } of terms) {
      const member = value(row, run);
      if (member !== undefined) result[name] = member;
    }
    return result;
  };
}

function mixedResult(terms: readonly TermCode[]): Evaluate {
  return (row, run) => {
    const result: Record<string, Value> = {};
    for (const term of terms) {
      const value = term.value(row, run);
      if (term.kind === 'value') {
        if (value !== undefined) setMember(result, term.name, value);
        else delete result[term.name];
      } else if (isObject(value)) {
        for (const name of Object.keys(value).sort()) {
          const member = value[name];
          if (member !== undefined) setMember(result, name, member);
        }
      }
    }
    return result;
  };
}

/** Returns a copy without what is at a path. */
function without(value: Value, path: ExcludedPath): Value {
  const [name, ...rest] = path;
  if (name === undefined || !isObject(value) || !Object.hasOwn(value, name)) return value;
  const copy: Record<string, Value> = { ...value };
  if (rest.length === 0) delete copy[name];
  else copy[name] = without(copy[name], rest);
  return copy;
}

/** A batch of results. */
export type Results = readonly Value[];

/** Makes results of rows. */
export function* project(input: Iterable<Batch>, result: Evaluate, run: Run): Generator<Results> {
  for (const batch of input) {
    const results: Value[] = [];
    let fault: unknown;
    try {
      for (const row of batch) results.push(result(row, run));
    } catch (error) {
      fault = clauseFault('projection', error);
    }
    // What was made before the fault is given.
    yield results;
    if (fault !== undefined) throw fault;
  }
}

/** Keeps the first row of each result; the result stays in a slot. */
export function distinct(input: Operator, slot: number, result: Evaluate): Operator {
  return (run, outer) => distinctRows(input(run, outer), slot, result, run);
}

function* distinctRows(input: Iterable<Batch>, slot: number, result: Evaluate, run: Run): Generator<Batch> {
  const seen = new Set<unknown>();
  for (const batch of input) {
    const kept: Row[] = [];
    try {
      for (const row of batch) {
        const value = result(row, run);
        const key = identityKey(value);
        if (seen.has(key)) continue;
        seen.add(key);
        row[slot] = value;
        kept.push(row);
      }
    } catch (error) {
      throw clauseFault('projection', error);
    }
    run.hold(kept.length * 100);
    yield kept;
  }
}
