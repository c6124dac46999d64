import * as fc from 'fast-check';
import { compare } from '../../src/values/collation.js';
import { identityKey } from '../../src/values/equality.js';
import type { Value } from '../../src/values/value.js';
import { call } from './call.js';
import { VALUES } from './values.js';

const ARRAYS = fc.array(VALUES, { maxLength: 8 });

function keys(values: Value): unknown[] {
  return (values as readonly Value[]).map(identityKey);
}

describe('arrays', () => {
  it('are sorted by the order of all values, MISSING first', () => {
    expect(call('array_sort', ['a', undefined, 2, null, true, [], undefined])).toEqual([
      undefined,
      undefined,
      null,
      true,
      2,
      'a',
      [],
    ]);
    fc.assert(
      fc.property(ARRAYS, (array) => {
        const sorted = call('array_sort', array) as readonly Value[];
        expect(sorted).toHaveLength(array.length);
        for (let at = 1; at < sorted.length; at++) expect(compare(sorted[at - 1], sorted[at])).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('find in a sorted array the first of equal values', () => {
    expect(call('array_binary_search', [1, 2, 2, 2, 3], 2)).toBe(1);
    fc.assert(
      fc.property(ARRAYS, VALUES, (array, sought) => {
        const sorted = call('array_sort', array) as readonly Value[];
        const first = sorted.findIndex((value) => compare(value, sought) === 0);
        expect(call('array_binary_search', sorted, sought)).toBe(first);
      }),
    );
  });

  it('are sets in union, intersection and difference', () => {
    fc.assert(
      fc.property(ARRAYS, ARRAYS, (a, b) => {
        const [inA, inB] = [new Set(keys(a)), new Set(keys(b))];
        const known = (key: unknown): boolean => key !== undefined && key !== null;
        expect(new Set(keys(call('array_union', a, b)))).toEqual(new Set([...inA, ...inB]));
        expect(new Set(keys(call('array_intersect', a, b)))).toEqual(
          new Set([...inA].filter((key) => inB.has(key) && known(key))),
        );
        expect(keys(call('array_except', a, b))).toEqual(keys(a).filter((key) => !inB.has(key)));
        expect(keys(call('array_symdiff', a, b)).sort()).toEqual(keys(call('array_symdiffn', a, b)).sort());
      }),
    );
  });

  it('keep values in one or in an odd number of arrays apart', () => {
    expect(call('array_symdiff', [1, 2], [2, 3], [2])).toEqual([1, 3]);
    expect(call('array_symdiffn', [1, 2], [2, 3], [2])).toEqual([1, 2, 3]);
  });

  it('do not find what is not known', () => {
    expect(call('array_contains', [null], null)).toBeNull();
    expect(call('array_position', [1], undefined)).toBeUndefined();
    expect(call('array_put', [1], null)).toBeNull();
    expect(call('array_append', [1], null)).toEqual([1, null]);
    expect(call('array_replace', [null], null, 1)).toBeNull();
    expect(call('array_replace_equivalent', [null], null, 1)).toEqual([1]);
  });

  it('are changed at places that may count from the end', () => {
    expect(call('array_insert', [1, 2], -1, 'x', 'y')).toEqual([1, 'x', 'y', 2]);
    expect(call('array_insert', [1], 1, 'x')).toEqual([1, 'x']);
    expect(call('array_insert', [1], 2, 'x')).toBeNull();
    expect(call('array_swap', [1, 2, 3], 0, -1)).toEqual([3, 2, 1]);
    expect(call('array_move', [1, 2, 3], 0, 2)).toEqual([2, 3, 1]);
    expect(call('array_move', [1], 0, 1)).toBeNull();
  });

  it('are ranges whose steps add up', () => {
    expect(call('array_range', 0, 1, 0.3)).toEqual([0, 0.3, 0.6, 0.8999999999999999]);
    expect(call('array_range', 3, 0, -1)).toEqual([3, 2, 1]);
    expect(call('array_range', 0, 5, -1)).toEqual([]);
    expect(call('array_range', 0, 5, 0)).toEqual([]);
    expect(() => call('array_range', 0, 1e9)).toThrow(
      expect.objectContaining({ reason: expect.objectContaining({ code: 5037 }) }),
    );
  });

  it('sum up integers of 64 bits exactly', () => {
    expect(call('array_sum', [2n ** 53n + 1n, 1, 'x', null])).toBe(2n ** 53n + 2n);
    expect(call('array_sum', [2n ** 63n - 1n, 1])).toBe(2 ** 63);
    expect(call('array_avg', [])).toBeNull();
  });

  it('are flattened to a depth, or to any', () => {
    expect(call('array_flatten', [0, [[1]], [[[2]]]], 1)).toEqual([0, [1], [[2]]]);
    expect(call('array_flatten', [0, [[1]], [[[2]]]], -1)).toEqual([0, 1, 2]);
  });
});
