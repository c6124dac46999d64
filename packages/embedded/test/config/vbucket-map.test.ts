import { ArgumentError } from '@cb/protocol';
import * as fc from 'fast-check';
import { spreadVbuckets } from '../../src/config/vbucket-map.js';

test('no node has two copies of a vbucket, and what cannot be placed is missing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 0, max: 3 }),
      (vbuckets, nodes, replicas) => {
        for (const chain of spreadVbuckets(vbuckets, nodes, replicas)) {
          const placed = chain.filter((node) => node >= 0);
          expect(chain).toHaveLength(1 + replicas);
          expect(placed).toHaveLength(Math.min(1 + replicas, nodes));
          expect(new Set(placed).size).toBe(placed.length);
          expect(placed.every((node) => node < nodes)).toBe(true);
        }
      },
    ),
  );
});

test('actives and replicas are spread evenly', () => {
  const map = spreadVbuckets(60, 3, 1);
  for (const position of [0, 1]) {
    for (const node of [0, 1, 2]) expect(map.filter((chain) => chain[position] === node)).toHaveLength(20);
  }
});

test('without a node there is nothing to spread over', () => {
  expect(() => spreadVbuckets(4, 0, 0)).toThrow(ArgumentError);
});
