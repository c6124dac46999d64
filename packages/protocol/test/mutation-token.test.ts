import { inspect } from 'node:util';
import { ArgumentError } from '../src/errors/client-errors.js';
import { MutationToken } from '../src/mutation-token.js';
import { u64 } from '../src/u64.js';

const token = new MutationToken('beer', 115, 0xa5a87238b54b0000n, 0xffffffffffffffffn);

test('becomes JSON without losing digits', () => {
  expect(JSON.parse(JSON.stringify(token))).toEqual({
    bucket: 'beer',
    vbucket: 115,
    uuid: '11936916400230825984',
    seqno: '18446744073709551615',
  });
});

test('is shown as what it says', () => {
  expect(inspect(token)).toMatch(
    /^MutationToken \{\s+bucket: 'beer',\s+vbucket: 115,\s+uuid: \d+n,\s+seqno: \d+n\s+\}$/,
  );
});

test.each([
  ['spread', { ...token }],
  ['structuredClone', structuredClone(token)],
  ['JSON', JSON.parse(JSON.stringify(token))],
  ['itself', token],
])('is known again after %s', (_way, copy) => {
  expect(MutationToken.from(copy)).toEqual(token);
});

test.each([
  [undefined],
  [null],
  ['beer'],
  [{}],
  [{ ...token, bucket: 1 }],
  [{ ...token, vbucket: 1.5 }],
  [{ ...token, vbucket: -1 }],
  [{ ...token, vbucket: 65_536 }],
  [{ ...token, uuid: 7 }],
  [{ ...token, uuid: '0x7' }],
  [{ ...token, seqno: -1n }],
  [{ ...token, seqno: 2n ** 64n }],
])('nothing else is one', (other) => {
  expect(() => MutationToken.from(other, 'since')).toThrow(ArgumentError);
  expect(() => MutationToken.from(other, 'since')).toThrow(/^since must be a mutation token/);
});

test('halves of any size make a 64-bit number', () => {
  for (const [high, low, whole] of [
    [0, 0, 0n],
    [0, 0xffffffff, 0xffffffffn],
    [1, 0, 0x1_0000_0000n],
    [0x80000000, 0x80000000, 0x8000_0000_8000_0000n],
    [0xffffffff, 0xffffffff, 0xffff_ffff_ffff_ffffn],
    [-1, -2, 0xffff_ffff_ffff_fffen],
  ] as const) {
    expect(u64(high, low)).toBe(whole);
  }
});
