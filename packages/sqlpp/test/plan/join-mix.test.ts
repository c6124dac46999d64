import { query } from '../../src/index.js';

const keyspaces = { a: [{ k: '0' }], b: [{ v: 1 }], c: [{ v: 2 }] };

function faultOf(from: string): { code: number; msg: string } | undefined {
  const [fault] = query(`SELECT 1 FROM ${from}`, { keyspaces }).errors;
  return fault && { code: fault.code, msg: fault.msg };
}

describe('joins by keys', () => {
  test.each([
    ['a JOIN b ON KEYS a.k, c', 'non ANSI JOIN on b with ANSI JOIN on c'],
    ['a NEST b AS n ON KEYS a.k JOIN c ON true', 'non ANSI NEST on n with ANSI JOIN on c'],
    ['a JOIN b ON true UNNEST a.k AS u JOIN c ON KEYS u', 'ANSI JOIN on b with non ANSI JOIN on c'],
  ])('do not go together with others: %s', (from, shown) => {
    expect(faultOf(from)).toEqual({ code: 3200, msg: `Cannot mix ${shown}.` });
  });

  test.each(['a JOIN b ON KEYS a.k NEST c ON KEYS a.k', 'a JOIN b ON true, c', 'a UNNEST a.k AS u JOIN b ON KEYS u'])(
    'may stand with those of their kind: %s',
    (from) => {
      expect(faultOf(from)).toBeUndefined();
    },
  );
});
