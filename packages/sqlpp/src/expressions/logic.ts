import { truth } from '../values/truth.js';
import type { Evaluate } from './run.js';

/** Compiles AND of two or more operands. False decides over MISSING, and MISSING over NULL. */
export function conjunction(operands: readonly Evaluate[]): Evaluate {
  const [first, second] = operands;
  if (operands.length === 2 && first !== undefined && second !== undefined) return and(first, second);
  return (row, run) => {
    let result: boolean | null | undefined = true;
    for (const operand of operands) {
      const value = truth(operand(row, run));
      if (value === false) return false;
      if (value !== true) result = value === undefined ? undefined : result === undefined ? undefined : null;
    }
    return result;
  };
}

function and(left: Evaluate, right: Evaluate): Evaluate {
  return (row, run) => {
    const first = left(row, run);
    if (first === false) return false;
    const second = right(row, run);
    if (first === true && typeof second === 'boolean') return second;
    const a = truth(first);
    if (a === false) return false;
    const b = truth(second);
    if (b === false) return false;
    if (a === undefined || b === undefined) return undefined;
    return a === null || b === null ? null : true;
  };
}

/** Compiles OR of two or more operands. True decides over NULL, and NULL over MISSING. */
export function disjunction(operands: readonly Evaluate[]): Evaluate {
  return (row, run) => {
    let result: boolean | null | undefined = false;
    for (const operand of operands) {
      const value = truth(operand(row, run));
      if (value === true) return true;
      if (value !== false) result = value === null || result === null ? null : undefined;
    }
    return result;
  };
}

export function not(operand: Evaluate): Evaluate {
  return (row, run) => {
    const value = truth(operand(row, run));
    return typeof value === 'boolean' ? !value : value;
  };
}
