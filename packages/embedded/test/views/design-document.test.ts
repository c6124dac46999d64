import {
  functionsOf,
  InvalidDesignDocument,
  isBuiltIn,
  readViews,
  signatureOf,
} from '../../src/views/design-document.js';

const MAP = 'function () {}';

test('views have a map function, and may have a reduce function', () => {
  const views = readViews({
    views: { a: { map: MAP }, b: { map: MAP, reduce: '_stats' }, c: { map: MAP, reduce: MAP } },
  });
  expect(views).toEqual(
    new Map([
      ['a', { map: MAP, reduce: undefined }],
      ['b', { map: MAP, reduce: '_stats' }],
      ['c', { map: MAP, reduce: MAP }],
    ]),
  );
  expect(readViews({ language: 'javascript' }).size).toBe(0);
});

test.each([
  [undefined, 'Content is not json.'],
  [{ views: [] }, "The field `views' is not a json object."],
  [{ views: { '': { map: MAP } } }, 'View name cannot be an empty string'],
  [{ views: { 'v\n': { map: MAP } } }, 'cannot have leading or trailing whitespace'],
  [{ views: { v: null } }, "Value for view `v' is not a json object."],
  [{ views: { v: { reduce: '_sum' } } }, "The `map' field for the view `v' is missing."],
  [{ views: { v: { map: null } } }, "The `map' field of the view `v' is not a json string."],
  [{ views: { v: { map: MAP, reduce: null } } }, "The `reduce' field of the view `v' is not a json string."],
  [{ views: { v: { map: MAP, reduce: '_avg' } } }, "Invalid built-in reduce function for view `v': _avg"],
])('%j is none', (body, reason) => {
  expect(() => readViews(body)).toThrow(InvalidDesignDocument);
  expect(() => readViews(body)).toThrow(reason);
});

test('what is built in begins with an underscore', () => {
  expect(['_count', 'function () {}'].map(isBuiltIn)).toEqual([true, false]);
});

test('designs with the same functions have the same signature, whatever their views are called', () => {
  const [a, b] = ['function () { emit(1); }', 'function () { emit(2); }'];
  const one = readViews({ views: { x: { map: b }, y: { map: a }, z: { map: a, reduce: '_count' } } });
  const other = readViews({
    views: { p: { map: a, reduce: '_count' }, q: { map: b }, r: { map: a, reduce: '_count' } },
  });
  const third = readViews({ views: { p: { map: a, reduce: '_sum' }, q: { map: b } } });
  expect(functionsOf(one)).toEqual({ maps: [a, b], reduces: [{ map: 0, source: '_count' }] });
  expect(signatureOf(functionsOf(one))).toBe(signatureOf(functionsOf(other)));
  expect(signatureOf(functionsOf(one))).not.toBe(signatureOf(functionsOf(third)));
});
