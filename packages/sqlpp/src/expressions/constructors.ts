import type { Value } from '../values/value.js';
import { setMember } from './paths.js';
import type { Evaluate } from './run.js';

/** Compiles `[a, b]`. */
export function arrayOf(elements: readonly Evaluate[]): Evaluate {
  return (row, run) => {
    const result: Value[] = [];
    for (const element of elements) result.push(element(row, run));
    return result;
  };
}

export interface MemberCode {
  readonly name: Evaluate;
  readonly value: Evaluate;
}

/** Compiles `{name: value}`. MISSING values are left out; a name that is not a string makes it NULL. */
export function objectOf(members: readonly MemberCode[]): Evaluate {
  return (row, run) => {
    const result: Record<string, Value> = {};
    for (const member of members) {
      const name = member.name(row, run);
      if (name === undefined) return undefined;
      if (typeof name !== 'string') return null;
      const value = member.value(row, run);
      if (value !== undefined) setMember(result, name, value);
      else if (Object.hasOwn(result, name)) delete result[name];
    }
    return result;
  };
}

export interface BranchCode {
  readonly when: Evaluate;
  readonly result: Evaluate;
}
