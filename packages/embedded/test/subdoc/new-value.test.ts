import { Status } from '@cb/protocol';
import fc from 'fast-check';
import { checkNewValue } from '../../src/subdoc/new-value.js';
import { parse, print, values } from './json-model.js';

const CANNOT_INSERT = Status.SubdocValueCantInsert;
const TOO_DEEP = Status.SubdocValueTooDeep;

test('a series is fine among elements, and nowhere else', () => {
  const series = Buffer.from('1, "a" ,{}');
  expect(checkNewValue(series, 'elements', 31)).toBe(0);
  expect(checkNewValue(series, 'member', 31)).toBe(CANNOT_INSERT);
  expect(checkNewValue(series, 'unique element', 31)).toBe(CANNOT_INSERT);
});

test('only scalars can be unique', () => {
  expect(checkNewValue(Buffer.from('"a"'), 'unique element', 31)).toBe(0);
  expect(checkNewValue(Buffer.from('[]'), 'unique element', 31)).toBe(CANNOT_INSERT);
});

test('a scalar takes one level, what is inside a container takes one more', () => {
  expect(checkNewValue(Buffer.from('1'), 'member', 1)).toBe(0);
  expect(checkNewValue(Buffer.from('[]'), 'member', 1)).toBe(0);
  expect(checkNewValue(Buffer.from('1'), 'elements', 0)).toBe(TOO_DEEP);
  expect(checkNewValue(Buffer.from('[1]'), 'elements', 1)).toBe(TOO_DEEP);
  expect(checkNewValue(Buffer.from('[1]'), 'elements', 2)).toBe(0);
  expect(checkNewValue(Buffer.from('[]'), 'unique element', 0)).toBe(TOO_DEEP);
});

test('any value is taken whole, and no cut of it that is not one', () => {
  fc.assert(
    fc.property(values, fc.nat(), (value, at) => {
      const text = print(value, undefined);
      expect(checkNewValue(text, 'member', 31)).toBe(0);
      const cut = text.subarray(0, at % text.length);
      const status = checkNewValue(cut, 'member', 31);
      if (status === 0) expect(() => parse(cut)).not.toThrow();
      else expect(status).toBe(CANNOT_INSERT);
    }),
  );
});
