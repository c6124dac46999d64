import * as fc from 'fast-check';
import { EvaluationError } from '../../src/functions/evaluation-error.js';
import { FUNCTIONS } from '../../src/functions/families.js';
import { jsonText } from '../../src/values/json-text.js';
import { context, spec } from './call.js';
import { VALUES } from './values.js';

const LONGEST = 4;

describe('all functions', () => {
  it('have names of their own, in lower case', () => {
    const names = FUNCTIONS.flatMap((each) => each.names);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name !== name.toLowerCase())).toEqual([]);
  });

  it.each(FUNCTIONS.map((each) => [each.names[0] as string]))(
    '%s gives a value or a typed error for any operands',
    (name) => {
      const { minArguments, maxArguments, evaluate } = spec(name);
      const count = { minLength: minArguments, maxLength: Math.min(maxArguments, Math.max(LONGEST, minArguments)) };
      fc.assert(
        fc.property(fc.array(VALUES, count), (operands) => {
          try {
            expect(typeof jsonText(evaluate(context([]), ...operands))).toBe('string');
          } catch (error) {
            expect(error).toBeInstanceOf(EvaluationError);
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each(FUNCTIONS.filter((each) => each.deterministic !== false).map((each) => [each.names[0] as string]))(
    '%s gives the same for the same operands, and leaves them as they are',
    (name) => {
      const { minArguments, maxArguments, evaluate } = spec(name);
      const count = { minLength: minArguments, maxLength: Math.min(maxArguments, Math.max(LONGEST, minArguments)) };
      fc.assert(
        fc.property(fc.array(VALUES, count), (operands) => {
          const before = jsonText(operands);
          const result = (): string => {
            try {
              return jsonText(evaluate(context([]), ...operands));
            } catch (error) {
              return String(error);
            }
          };
          expect(result()).toBe(result());
          expect(jsonText(operands)).toBe(before);
        }),
        { numRuns: 20 },
      );
    },
  );
});
