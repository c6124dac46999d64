import { InvalidDesignDocument } from '../../src/views/design-document.js';
import { DesignDocuments } from '../../src/views/design-documents.js';

const BODY = { views: { v: { map: 'function () {}' } } };

test('are there in the order of their ids, with a revision for each time that they were written', () => {
  const designs = new DesignDocuments();
  for (const name of ['b', 'a', 'b']) designs.set(`_design/${name}`, BODY);
  expect([...designs].map(({ id, rev, body }) => [id, rev.split('-')[0], body])).toEqual([
    ['_design/a', '1', BODY],
    ['_design/b', '2', BODY],
  ]);
  expect(designs.get('_design/a')?.views.get('v')).toEqual({ map: 'function () {}', reduce: undefined });
});

test('are remembered when they are deleted', () => {
  const designs = new DesignDocuments();
  expect(designs.delete('_design/a')).toBe(false);
  expect(designs.whyNot('_design/a')).toBe('missing');
  designs.set('_design/a', BODY);
  expect(designs.delete('_design/a')).toBe(true);
  expect(designs.get('_design/a')).toBeUndefined();
  expect(designs.whyNot('_design/a')).toBe('deleted');
  designs.set('_design/a', BODY);
  expect(designs.get('_design/a')?.rev).toMatch(/^3-/);
});

test('stay as they are when what is to take their place is invalid', () => {
  const designs = new DesignDocuments();
  designs.set('_design/a', BODY);
  expect(() => designs.set('_design/a', { views: [] })).toThrow(InvalidDesignDocument);
  expect(designs.get('_design/a')?.body).toBe(BODY);
  expect(() => designs.set('a', BODY)).toThrow(InvalidDesignDocument);
});
