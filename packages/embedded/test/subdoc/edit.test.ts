import { Status } from '@cb/protocol';
import fc from 'fast-check';
import { counter, dictAdd, dictUpsert, remove, replace } from '../../src/subdoc/edit.js';
import { type Path, parsePath } from '../../src/subdoc/path.js';
import type { PathOperation } from '../../src/subdoc/path-operation.js';
import { follow, type Json, names, parse, pathOf, placed, print, values } from './json-model.js';

function run(operation: PathOperation, document: string, path: string, value = '', makesParents = false): unknown {
  const result = operation({
    text: Buffer.from(document),
    path: parsePath(Buffer.from(path)) as Path,
    value: Buffer.from(value),
    makesParents,
  });
  return typeof result === 'number' ? result : result.text!.toString();
}

function nested(levels: number): string {
  return '{"a":'.repeat(levels) + '{}'.concat('}'.repeat(levels));
}

describe('members', () => {
  test.each([
    ['{}', 'a', '1', '{"a":1}'],
    ['{ }', 'a', '1', '{ "a":1}'],
    ['{"x":0}', 'a', ' 1 ', '{"x":0,"a": 1 }'],
    ['{"x":0 }', 'a', '1', '{"x":0 ,"a":1}'],
    ['{"x":{"y":2}}', 'x.a', '[1]', '{"x":{"y":2,"a":[1]}}'],
    ['[{}]', '[-1].a', '1', '[{"a":1}]'],
    ['{}', '`a.b``c`', '1', '{"a.b`c":1}'],
  ])('%s: add %s', (document, path, value, expected) => {
    expect(run(dictAdd, document, path, value)).toBe(expected);
    expect(run(dictUpsert, document, path, value)).toBe(expected);
  });

  test.each([
    ['{"a":1}', 'a', Status.SubdocPathExists],
    ['{}', 'p.q', Status.SubdocPathNotFound],
    ['{"s":1}', 's.x', Status.SubdocPathMismatch],
    ['{"a":[1]}', 'a[0]', Status.SubdocPathInvalid],
    ['{"a":[1]}', 'a[-1]', Status.SubdocPathInvalid],
    ['{"a":1}', 'a[0]', Status.SubdocPathMismatch],
    ['text', 'a', Status.SubdocDocNotJson],
  ])('%s: cannot add %s', (document, path, status) => expect(run(dictAdd, document, path, '1')).toBe(status));

  test('upsert replaces, and add does not', () => {
    expect(run(dictUpsert, '{"a" : 1 , "b":2}', 'a', '{"z":1}')).toBe('{"a" : {"z":1} , "b":2}');
  });

  test('parents are made when asked for, objects only', () => {
    expect(run(dictUpsert, '{"x":0}', 'p.q.r', '1', true)).toBe('{"x":0,"p":{"q":{"r":1}}}');
    expect(run(dictUpsert, '{"p":{}}', 'p.q.r', '1', true)).toBe('{"p":{"q":{"r":1}}}');
    expect(run(dictUpsert, '{}', 'p[0].r', '1', true)).toBe(Status.SubdocPathNotFound);
    expect(run(dictUpsert, '{"a":[]}', 'a[0].r', '1', true)).toBe(Status.SubdocPathNotFound);
  });

  test('replace wants something to replace', () => {
    expect(run(replace, '{"a":[1,2]}', 'a[-1]', '9')).toBe('{"a":[1,9]}');
    expect(run(replace, '{"a":1}', 'b', '9')).toBe(Status.SubdocPathNotFound);
  });

  test('upsert does to the text what assignment does to the model', () => {
    fc.assert(
      fc.property(placed, names, values, ({ document, text, steps }, name, value) => {
        const result = dictUpsert({
          text,
          path: pathOf([...steps, name]),
          value: print(value, undefined),
          makesParents: false,
        });
        const parent = follow(document, steps);
        if (typeof parent !== 'object' || parent === null || Array.isArray(parent)) {
          expect(result).toBe(Status.SubdocPathMismatch);
          return;
        }
        parent[name] = value;
        expect(parse((result as { text: Buffer }).text)).toEqual(document);
      }),
    );
  });
});

describe('removal', () => {
  test.each([
    ['{"a":1}', 'a', '{}'],
    ['{ "a":1 }', 'a', '{  }'],
    ['{"a":1, "b":2}', 'a', '{ "b":2}'],
    ['{"a":1, "b":2, "c":3}', 'b', '{"a":1,  "c":3}'],
    ['{"a":1, "b":2}', 'b', '{"a":1}'],
    ['[1,2,3]', '[-1]', '[1,2]'],
    ['[1,2,3]', '[1]', '[1,3]'],
    ['[[1]]', '[0][0]', '[[]]'],
    ['{"a":[{"b":1,"c":2}]}', 'a[-1].b', '{"a":[{"c":2}]}'],
  ])('%s without %s', (document, path, expected) => expect(run(remove, document, path)).toBe(expected));

  test('takes what is there', () => {
    expect(run(remove, '{"a":1}', 'b')).toBe(Status.SubdocPathNotFound);
    expect(run(remove, '{"a":1}', '')).toBe(Status.SubdocValueCantInsert);
  });

  test('does to the text what delete does to the model', () => {
    fc.assert(
      fc.property(placed, ({ document, text, steps }) => {
        fc.pre(steps.length > 0);
        const result = remove({ text, path: pathOf(steps), value: Buffer.alloc(0), makesParents: false });
        const parent = follow(document, steps.slice(0, -1)) as Json[] & { [name: string]: Json };
        const last = steps.at(-1)!;
        if (typeof last === 'number') parent.splice(last, 1);
        else delete parent[last];
        expect(parse((result as { text: Buffer }).text)).toEqual(document);
      }),
    );
  });
});

describe('new values', () => {
  test.each(['{bad', '1,2', 'hello', '', ' ', '1}', '1,"b":2', '-01', '1.', '+1', '"\\x"', '"\\u12"', '"\n"', 'nul'])(
    'refuses %j',
    (value) => expect(run(dictUpsert, '{}', 'a', value)).toBe(Status.SubdocValueCantInsert),
  );

  test.each(['1', '-0', '1.5e+3', '"\\u00e9"', 'null', '[1,{"a":[]}]', ' {} '])('takes %j', (value) =>
    expect(run(dictUpsert, '{}', 'a', value)).toBe(`{"a":${value}}`),
  );

  test('refuses bytes that are not UTF-8', () => {
    const result = dictUpsert({
      text: Buffer.from('{}'),
      path: [Buffer.from('a')],
      value: Buffer.from([0x22, 0xff, 0x22]),
      makesParents: false,
    });
    expect(result).toBe(Status.SubdocValueCantInsert);
  });

  test('the document stays within 32 levels', () => {
    const path = Array(31).fill('a').join('.');
    const document = nested(30);
    expect(run(dictUpsert, document, path, '{}')).toBe(nested(31));
    expect(run(dictUpsert, document, path, '{"b":1}')).toBe(Status.SubdocValueTooDeep);
    expect(run(dictUpsert, '{}', 'a', nested(30))).toBe(nested(31));
    expect(run(dictUpsert, '{}', 'a', nested(31))).toBe(Status.SubdocValueTooDeep);
  });
});

describe('counter', () => {
  function count(document: string, path: string, delta: string, makesParents = false): unknown {
    const result = counter({
      text: Buffer.from(document),
      path: parsePath(Buffer.from(path)) as Path,
      value: Buffer.from(delta),
      makesParents,
    });
    return typeof result === 'number' ? result : [result.text!.toString(), result.value.toString()];
  }

  test.each([
    ['{"n":5}', 'n', '5', '{"n":10}', '10'],
    ['{"n":5}', 'n', '-20', '{"n":-15}', '-15'],
    ['{"n": 9223372036854775807 }', 'n', '-9223372036854775808', '{"n": -1 }', '-1'],
    ['[1,-0]', '[-1]', '7', '[1,7]', '7'],
    ['{"x":1}', 'n', '7', '{"x":1,"n":7}', '7'],
  ])('%s %s by %s', (document, path, delta, text, value) =>
    expect(count(document, path, delta)).toEqual([text, value]),
  );

  test.each(['0', '00', '01', '-0', 'abc', '1.5', '+1', ' 1', '1 ', '99999999999999999999', '9223372036854775808'])(
    'refuses a delta of %j',
    (delta) => expect(count('{"n":1}', 'n', delta)).toBe(Status.SubdocDeltaInvalid),
  );

  test.each([
    ['{"n":"1"}', 'n', Status.SubdocPathMismatch],
    ['{"n":1.0}', 'n', Status.SubdocPathMismatch],
    ['{"n":1e3}', 'n', Status.SubdocPathMismatch],
    ['{"n":null}', 'n', Status.SubdocPathMismatch],
    ['{"n":[1]}', 'n', Status.SubdocPathMismatch],
    ['{"n":99999999999999999999}', 'n', Status.SubdocNumberRange],
    ['{"n":9223372036854775808}', 'n', Status.SubdocNumberRange],
    ['{"n":9223372036854775807}', 'n', Status.SubdocValueCantInsert],
    ['{"a":[1]}', 'a[7]', Status.SubdocPathNotFound],
    ['{}', 'p.n', Status.SubdocPathNotFound],
  ])('%s %s cannot be counted', (document, path, status) => expect(count(document, path, '1')).toBe(status));

  test('starts where there is nothing, in parents made for it when asked', () => {
    expect(count('{}', 'p.n', '7', true)).toEqual(['{"p":{"n":7}}', '7']);
    expect(count('{}', 'p[0]', '7', true)).toBe(Status.SubdocPathInvalid);
    expect(count('{"a":[]}', 'a[0]', '7', true)).toBe(Status.SubdocPathNotFound);
  });
});

test('any cut of a document leaves every edit a status or a result', () => {
  const status = fc.constantFrom<PathOperation>(dictAdd, dictUpsert, replace, remove, counter);
  fc.assert(
    fc.property(status, placed, fc.nat(), fc.boolean(), (operation, { text, steps }, cut, makesParents) => {
      const part = text.subarray(0, cut % (text.length + 1));
      const result = operation({ text: part, path: pathOf(steps), value: Buffer.from('1'), makesParents });
      expect(typeof result === 'number' ? result : result.text).toBeTruthy();
    }),
  );
});
