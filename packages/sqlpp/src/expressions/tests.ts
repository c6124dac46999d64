import type { IsTest } from '../syntax/expression.js';
import type { Evaluate } from './run.js';

/** Compiles IS NULL and its like. */
export function isTest(test: IsTest, negated: boolean, operand: Evaluate): Evaluate {
  switch (test) {
    case 'null':
      return (row, run) => {
        const value = operand(row, run);
        return value === undefined ? undefined : (value === null) !== negated;
      };
    case 'missing':
      return (row, run) => (operand(row, run) === undefined) !== negated;
    default: {
      const wanted = (test === 'unknown') === negated;
      return (row, run) => {
        const value = operand(row, run);
        return (value !== undefined && value !== null) === wanted;
      };
    }
  }
}

/** Compiles EXISTS of an array. */
export function exists(operand: Evaluate): Evaluate {
  return (row, run) => {
    const value = operand(row, run);
    if (value === undefined) return undefined;
    return Array.isArray(value) ? value.length > 0 : null;
  };
}
