import * as fc from 'fast-check';
import { call, context, spec, type Warning } from './call.js';

const FINITE = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });

describe('numbers', () => {
  it('round half to even, half away, or toward zero, at digits on both sides of the point', () => {
    expect([0.5, 1.5, 2.5, -2.5].map((number) => call('round', number))).toEqual([0, 2, 2, -2]);
    expect([0.5, 1.5, 2.5, -2.5].map((number) => call('round_nearest', number))).toEqual([1, 2, 3, -3]);
    expect(call('round', 1234.567, 2)).toBe(1234.57);
    expect(call('round', 1250, -2)).toBe(1200);
    expect(call('trunc', -9.99, 1)).toBe(-9.9);
    expect(call('round', 1, 1.5)).toBeNull();
  });

  it('become integers of 64 bits where a result is one', () => {
    expect(call('floor', 2 ** 60)).toBe(2n ** 60n);
    expect(call('abs', 2n ** 53n + 1n)).toBe(2 ** 53);
    expect(call('ceil', 1e21)).toBe(1e21);
  });

  it('agree with elementary functions to the last but one digit', () => {
    const same = (name: string, x: number, expected: number): void => {
      const result = Number(call(name, x));
      expect(Math.abs(result - expected)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.max(1, Math.abs(expected)));
    };
    fc.assert(
      fc.property(FINITE, (x) => {
        same('sin', x, Math.sin(x));
        same('cos', x, Math.cos(x));
        same('atan', x, Math.atan(x));
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (x) => {
        same('asin', x, Math.asin(x));
        same('acos', x, Math.acos(x));
        same('tan', x, Math.tan(x));
      }),
    );
  });

  it('reduce angles of any size', () => {
    for (const x of [1e10, 2 ** 40 + 0.5, 1e22, 1e300, Number.MAX_VALUE]) {
      expect(Number(call('sin', x))).toBeCloseTo(Math.sin(x), 12);
      expect(Number(call('cos', x))).toBeCloseTo(Math.cos(x), 12);
    }
  });

  it('have powers, also of negative bases, to negative exponents and beyond the doubles', () => {
    expect(call('power', 2, 10)).toBe(1024);
    expect(call('power', -2, 3)).toBe(-8);
    expect(call('power', 2, -2)).toBe(0.25);
    expect(call('power', 10, 400)).toBe(Infinity);
    expect(call('power', 10, -400)).toBe(0);
    expect(call('power', -1, 0.5)).toBeNaN();
    expect(call('power', 5e-324, 1.5)).toBe(0);
  });

  it('divide as integers, with a warning for a divisor of 0', () => {
    const warnings: Warning[] = [];
    expect(spec('idiv').evaluate(context(warnings), 7, 0.5)).toBeNull();
    expect(warnings).toEqual([[5036, 'Division by 0.']]);
    expect(spec('imod').evaluate(context(warnings), 7, 0)).toBeNull();
    expect(warnings).toHaveLength(1);
    expect(call('idiv', 7.9, 2.9)).toBe(3);
    expect(call('idiv', 2n ** 62n, 3)).toBe(2n ** 62n / 3n);
  });

  it('are random by a seed as by themselves', () => {
    expect(call('random')).toBe(0.5);
    expect(call('random', 7)).toBe(call('random', 7));
    expect(call('random', 7)).not.toBe(call('random', 8));
    expect(call('random', 'x')).toBeNull();
  });
});

describe('bits', () => {
  const INTEGER = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const exact = (integer: bigint): number | bigint =>
    Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;

  it('shift without the sign, and rotate', () => {
    expect(call('bitshift', -8, -1)).toBe(9223372036854775804n);
    expect(call('bitshift', 1, -1, true)).toBe(-(2n ** 63n));
    expect(call('bitshift', 1, 70, true)).toBe(64);
    expect(call('bitshift', 1, 64)).toBe(0);
    expect(call('bitshift', 1, 1, 1)).toBeNull();
  });

  it('come back after a rotation the other way', () => {
    fc.assert(
      fc.property(INTEGER, fc.integer({ min: -200, max: 200 }), (integer, places) => {
        const number = exact(integer);
        expect(call('bitshift', call('bitshift', number, places, true), -places, true)).toBe(number);
      }),
    );
  });

  it('are set, cleared and tested at places from 1 to 64', () => {
    expect(call('bitset', 0, 64)).toBe(-(2n ** 63n));
    expect(call('bitset', 0, 65)).toBeNull();
    expect(call('bitclear', 7, [1, 3])).toBe(2);
    expect(call('bittest', 6, [1, 2])).toBe(true);
    expect(call('bittest', 6, [1, 2], true)).toBe(false);
    expect(call('bittest', 6, [], true)).toBe(false);
  });

  it('combine as those of BigInt do', () => {
    fc.assert(
      fc.property(INTEGER, INTEGER, (a, b) => {
        expect(BigInt(call('bitand', exact(a), exact(b)) as bigint)).toBe(a & b);
        expect(BigInt(call('bitxor', exact(a), exact(b)) as bigint)).toBe(a ^ b);
      }),
    );
  });
});
