import { crc32c } from '../../src/subdoc/crc32c.js';
import { isMacro, MacroPlaceholders } from '../../src/subdoc/macros.js';

const CAS = Buffer.from(`"\${Mutation.CAS}"`);
const SEQNO = Buffer.from(`"\${Mutation.seqno}"`);
const CRC = Buffer.from(`"\${Mutation.value_crc32c}"`);

test('knows macros by their text', () => {
  for (const macro of [CAS, SEQNO, CRC]) expect(isMacro(macro)).toBe(true);
  expect(isMacro(Buffer.from(`"\${$document.CAS}"`))).toBe(true);
  expect(isMacro(Buffer.from(`"\${$document}"`))).toBe(true);
  for (const text of [`"\${Nope}"`, '"hello"', `"\${Mutation.cas}"`, `\${Mutation.CAS}`, 'toString']) {
    expect(isMacro(Buffer.from(text))).toBe(false);
  }
});

test('fills in the facts, the CAS in little-endian order, wherever the placeholder went', () => {
  const macros = new MacroPlaceholders([]);
  const [cas, seqno, crc] = [CAS, SEQNO, CRC].map((macro) => macros.of(macro)!);
  const text = Buffer.from(`{"c":${cas},"again":[${cas}],"s":${seqno},"v":${crc}}`);
  const { length } = text;
  expect(macros.occurIn(text)).toBe(true);
  macros.expand(text, { cas: 0x0123456789abcdefn, seqno: 27, valueCrc32c: 0xcff7d56a });
  expect(text.toString()).toBe(
    '{"c":"0xefcdab8967452301","again":["0xefcdab8967452301"],"s":"0x000000000000001b","v":"0xcff7d56a"}',
  );
  expect(text).toHaveLength(length);
  expect(macros.occurIn(text)).toBe(false);
});

test('placeholders differ from each other and from everything in the texts', () => {
  const first = new MacroPlaceholders([]);
  const taken = [CAS, SEQNO, CRC].map((macro) => first.of(macro)!);
  const second = new MacroPlaceholders([Buffer.concat(taken)]);
  const all = [...taken, ...[CAS, SEQNO, CRC].map((macro) => second.of(macro)!)].map(String);
  expect(new Set(all).size).toBe(6);
});

test('what is not a macro of the mutation has no placeholder', () => {
  expect(new MacroPlaceholders([]).of(Buffer.from(`"\${$document.CAS}"`))).toBeUndefined();
});

test('CRC-32C, against RFC 3720 B.4 and the server', () => {
  expect(crc32c(Buffer.alloc(32)).toString(16)).toBe('8a9136aa');
  expect(crc32c(Buffer.alloc(32, 0xff)).toString(16)).toBe('62a8ab43');
  expect(crc32c(Buffer.from('{"a":1}')).toString(16)).toBe('cff7d56a');
  expect(crc32c(Buffer.alloc(0))).toBe(0);
});
