import { equal } from '../values/equality.js';
import { truth } from '../values/truth.js';
import type { BranchCode } from './constructors.js';
import type { Evaluate } from './run.js';

const NULL: Evaluate = () => null;

/** Compiles CASE, with an operand that the branches are compared with or without. */
export function caseOf(
  operand: Evaluate | undefined,
  branches: readonly BranchCode[],
  otherwise: Evaluate = NULL,
): Evaluate {
  if (operand === undefined) {
    return (row, run) => {
      for (const { when, result } of branches) if (truth(when(row, run)) === true) return result(row, run);
      return otherwise(row, run);
    };
  }
  return (row, run) => {
    const value = operand(row, run);
    for (const { when, result } of branches) if (equal(value, when(row, run)) === true) return result(row, run);
    return otherwise(row, run);
  };
}
