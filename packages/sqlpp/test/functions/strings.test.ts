import * as fc from 'fast-check';
import { call } from './call.js';

const TEXT = fc.string({ unit: 'grapheme', maxLength: 12 });

describe('strings', () => {
  it('are counted by bytes of UTF-8, or by characters', () => {
    expect(call('length', 'aé日😀')).toBe(10);
    expect(call('mb_length', 'aé日😀')).toBe(4);
    expect(call('position', 'é日x', 'x')).toBe(5);
    expect(call('mb_position1', 'é日x', 'x')).toBe(3);
    expect(call('position', 'abc', 'z')).toBe(-1);
    expect(call('position1', 'abc', 'z')).toBe(0);
  });

  it('give parts from a place that may count from the end, and nothing outside', () => {
    expect(call('substr', 'hello', 1, 3)).toBe('ell');
    expect(call('substr', 'hello', -2)).toBe('lo');
    expect(call('substr', 'hello', 5)).toBeNull();
    expect(call('substr', 'hello', -6)).toBeNull();
    expect(call('substr1', 'hello', 0)).toBe(call('substr1', 'hello', 1));
    expect(call('mb_substr', 'é日x', 1, 1)).toBe('日');
    expect(call('substr', 'hello', 1, -1)).toBeNull();
    expect(call('substr', 'hello', 1, undefined)).toBeUndefined();
  });

  it('change case character by character', () => {
    expect(call('upper', 'straße ﬁ')).toBe('STRAßE ﬁ');
    expect(call('lower', 'İΑΣ')).toBe('iασ');
    expect(call('title', "o'neil mc-donald LOUD")).toBe("O'Neil Mc-Donald Loud");
    expect(call('upper', 'ᾳ')).toBe('ᾼ');
    expect(call('title', 'ǆ')).toBe('ǅ');
  });

  it('are trimmed of a set of characters, not of a no-break space', () => {
    expect(call('trim', ' \t\u00a0x \n')).toBe('\u00a0x');
    expect(call('ltrim', 'xyxz', 'yx')).toBe('z');
    expect(call('rtrim', 'zxyx', 'yx')).toBe('z');
    expect(call('trim', '😀a😀😁', '😀😁')).toBe('a');
    expect(call('trim', '😀', '😀')).toBe('');
  });

  it('are split at white space, at a text, or into characters', () => {
    expect(call('split', ' a  b ')).toEqual(['a', 'b']);
    expect(call('split', 'a,,b', ',')).toEqual(['a', '', 'b']);
    expect(call('split', 'a😀', '')).toEqual(['a', '😀']);
    expect(call('split', '')).toEqual([]);
  });

  it('are replaced a number of times, between characters too', () => {
    expect(call('replace', 'aaa', 'a', 'b', 2)).toBe('bba');
    expect(call('replace', 'aaa', 'a', '$&')).toBe('$&$&$&');
    expect(call('replace', 'ab', '', '-')).toBe('-a-b-');
    expect(call('replace', 'ab', '', '-', 1)).toBe('-ab');
    expect(call('replace', 'ab', 'a', '-', 0)).toBe('ab');
  });

  it('are padded and cut to a width', () => {
    expect(call('lpad', 'a', 3)).toBe('  a');
    expect(call('rpad', 'a', 5, 'xy')).toBe('axyxy');
    expect(call('lpad', 'abc', 2)).toBe('ab');
    expect(call('rpad', 'a', 2, '')).toBeNull();
  });

  it('refuse to grow beyond 20 MiB before they do', () => {
    expect(() => call('repeat', 'ab', 2e9)).toThrow(
      expect.objectContaining({ reason: expect.objectContaining({ code: 5037 }) }),
    );
    expect(() => call('lpad', 'a', 1e12)).toThrow(expect.objectContaining({ code: 5010 }));
  });

  it('come back from encoding for a URL', () => {
    expect(call('urlencode', "a b&é'")).toBe('a+b%26%C3%A9%27');
    expect(call('urldecode', '%zz')).toBeNull();
    fc.assert(fc.property(TEXT, (text) => expect(call('urldecode', call('urlencode', text))).toBe(text)));
  });

  it('are their own reverse twice', () => {
    expect(call('reverse', 'e\u0301a')).toBe('ae\u0301');
    fc.assert(fc.property(fc.string(), (text) => expect(call('reverse', call('reverse', text))).toBe(text)));
  });

  it('hide behind masks', () => {
    expect(call('mask', 'abc')).toBe('********');
    expect(call('mask', '1234567890', { mask: '***-###', hole: '#', inject: '-' })).toBe('***-456');
    expect(call('mask', '1234567890', { mask: 'xx', anchor: 'end', length: 'source' })).toBe('12345678xx');
    expect(call('mask', 'id: 77', { mask: 'xx', anchor: '[0-9]', length: 'source' })).toBe('id: xx');
    expect(call('mask', 'none', { anchor: '[0-9]' })).toBe('none');
  });
});

describe('statements as text', () => {
  it('are written canonically if they are expressions', () => {
    expect(call('formalize', ' a.b+1 ')).toBe('((`a`.`b`) + 1)');
    expect(call('formalize', '{"a":[1,2]}')).toBe('{"a": [1, 2]}');
    expect(call('formalize', 'SELECT 1')).toBe('SELECT 1');
  });

  it('are told faults of with their place', () => {
    expect(() => call('formalize', '1 +')).toThrow(expect.objectContaining({ code: 5010, message: '' }));
    expect(() => call('formalize', 'a b')).toThrow(
      expect.objectContaining({ reason: expect.objectContaining({ code: 3000, column: 3, line: 1 }) }),
    );
    expect(() => call('object_remove_fields', {}, 'a b')).toThrow(
      expect.objectContaining({ reason: expect.objectContaining({ code: 5031 }) }),
    );
  });
});
