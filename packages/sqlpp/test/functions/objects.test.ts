import * as fc from 'fast-check';
import { jsonText } from '../../src/values/json-text.js';
import type { Value } from '../../src/values/value.js';
import { call } from './call.js';

const NESTED = { a: 1, c: { a: [{ b: 3 }, { b: 4 }, { b: [{ c: 5 }] }] } };
const NAMES = fc.oneof(
  fc.string({ maxLength: 4 }).filter((name) => !/[`\\]/.test(name)),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'a.b'),
);
const OBJECTS = fc.dictionary(NAMES, fc.integer(), { maxKeys: 5 });

describe('objects', () => {
  it('have members of any name', () => {
    fc.assert(
      fc.property(OBJECTS, NAMES, fc.integer(), (object, name, value) => {
        const put = call('object_put', object, name, value);
        expect(call('object_names', put)).toContain(name);
        expect(call('object_names', call('object_remove', put, name))).not.toContain(name);
        expect(call('object_length', call('object_concat', object, put))).toBe(call('object_length', put));
        expect(call('object_field', put, `\`${name}\``)).toBe(value);
      }),
    );
    expect(call('object_field', {}, 'toString')).toBeUndefined();
    expect(call('object_rename', {}, 'constructor', 'x')).toEqual({});
  });

  it('are changed in copies', () => {
    expect(call('object_add', { a: 1 }, 'a', 2)).toEqual({ a: 1 });
    expect(call('object_put', { a: 1 }, 'a', undefined)).toEqual({});
    expect(call('object_rename', { a: 1, b: 2 }, 'a', 'b')).toEqual({ b: 1 });
    expect(call('object_replace', { a: 1, b: 1 }, 1, undefined)).toEqual({});
    expect(call('object_concat2', { a: 1 }, [{ b: 2 }, { a: 3 }])).toEqual({ a: 3, b: 2 });
  });

  it('lose what is at paths', () => {
    expect(call('object_remove_fields', NESTED, 'c.a[1]', 'a')).toEqual({ c: { a: [{ b: 3 }, { b: [{ c: 5 }] }] } });
    expect(call('object_remove_fields', NESTED, 'c.a[*].b')).toEqual({ a: 1, c: { a: [{}, {}, {}] } });
    expect(call('object_field', NESTED, 'c.a[2].b[0].c')).toBe(5);
    expect(call('object_field', NESTED, '1 +')).toBeNull();
  });

  it('have paths, by places or for all elements', () => {
    expect(call('object_paths', NESTED, { arraysubscript: false })).toEqual([
      'a',
      'c',
      'c.a',
      'c.a[*].b',
      'c.a[*].b[*].c',
    ]);
    expect(call('object_paths', NESTED, { composites: false, pattern: 'b$' })).toEqual(['c.a[0].b', 'c.a[1].b']);
    expect(call('object_paths', { 'a b': 1 }, {})).toEqual(['`a b`']);
    expect(call('object_pairs_nested', NESTED, { pattern: '[2].b', regex: false })).toEqual([
      { name: 'c.a[2].b[0].c', val: 5 },
    ]);
    expect(call('object_filter', { a: [{ bb: { c: 0 } }, { cd: 1 }] }, { pattern: 'bb$' })).toEqual({
      a: [{ bb: { c: 0 } }],
    });
  });

  it('are redacted in their shape', () => {
    expect(call('redact', { name: 'Jo Ann', born: '2001-02-03', n: -12.5 })).toEqual({
      name: 'xx xxx',
      born: '1111-11-11',
      n: -11.1,
    });
    expect(call('redact', { a: 'x', b: 'y' }, { pattern: 'a', omit: true })).toEqual({ b: 'y' });
    expect(call('redact', { a: { b: 5 } }, { name: true })).toEqual({ f0000: { f0000_f0000: 1 } });
  });

  it('come back from JSON', () => {
    const decode = (text: string): Value => call('decode_json', text);
    expect(decode('{"n": 9007199254740993, "m": [1e2, 12345678901234567890]}')).toEqual({
      n: 9007199254740993n,
      m: [100, 12345678901234567000],
    });
    expect(decode('{"n": 01}')).toBeNull();
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const text = jsonText(value as Value);
        expect(jsonText(decode(text))).toBe(text);
      }),
    );
  });
});
