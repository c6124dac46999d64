import { MutationToken } from '../src/mutation-token.js';

test('makes the 64-bit numbers of their halves', () => {
  const token = new MutationToken('beer', 115, 0xa5a87238, 0xb54b0000, 0x0fffffff, 0xffffffff);
  expect(token.uuid).toBe(0xa5a87238b54b0000n);
  expect(token.seqno).toBe(0x0fffffffffffffffn);
  expect(token).toMatchObject({ bucket: 'beer', vbucket: 115 });
});

test('takes halves with the top bit as signed numbers too', () => {
  expect(new MutationToken('b', 0, -1, -2, 0, 7)).toMatchObject({ uuid: 0xfffffffffffffffen, seqno: 7n });
});

test('becomes JSON without losing digits', () => {
  const token = new MutationToken('b', 3, 0xffffffff, 0xffffffff, 0, 12);
  expect(JSON.parse(JSON.stringify(token))).toEqual({
    bucket: 'b',
    vbucket: 3,
    uuid: '18446744073709551615',
    seqno: '12',
  });
});
