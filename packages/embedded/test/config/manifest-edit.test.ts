import { ManifestEditError, ManifestEditor } from '../../src/config/manifest-edit.js';
import { DEFAULT_MANIFEST, succession } from '../../src/store/manifest.js';

test('each change makes the next manifest, one that may follow', () => {
  const editor = new ManifestEditor(DEFAULT_MANIFEST);
  const steps: (() => void)[] = [
    () => editor.createScope('s'),
    () => editor.createCollection('s', 'c', { maxTtl: 60 }),
    () => editor.changeCollection('s', 'c', { maxTtl: 0 }),
    () => editor.dropCollection('s', 'c'),
    () => editor.dropScope('s'),
  ];
  for (const [index, step] of steps.entries()) {
    const before = editor.manifest;
    step();
    expect(editor.manifest.uid).toBe(BigInt(index + 1));
    expect(succession(before, editor.manifest)).toBeUndefined();
  }
  expect(editor.manifest.scopes).toEqual(DEFAULT_MANIFEST.scopes);
});

test('an id is never given twice', () => {
  const editor = new ManifestEditor(DEFAULT_MANIFEST);
  editor.createCollection('_default', 'c');
  const [, first] = editor.manifest.scopes[0]!.collections;
  editor.dropCollection('_default', 'c');
  editor.createCollection('_default', 'c');
  const [, second] = editor.manifest.scopes[0]!.collections;
  expect([first!.id, second!.id]).toEqual([8, 9]);
});

test.each<[string, (editor: ManifestEditor) => void, number, RegExp]>([
  ['a scope that is there', (e) => e.createScope('t'), 400, /Scope with name "t" already exists/],
  ['a malformed name', (e) => e.createScope('_x'), 400, /First character must not be _/],
  ['an empty name', (e) => e.createCollection('_default', ''), 400, /First character/],
  ['a scope that is not there', (e) => e.dropScope('s'), 404, /Scope with name "s" is not found/],
  ['the default scope', (e) => e.dropScope('_default'), 400, /not allowed/],
  ['a collection that is there', (e) => e.createCollection('_default', 'x'), 400, /"x" in scope "_default" already/],
  ['a collection that is not there', (e) => e.dropCollection('_default', 'y'), 404, /"y" in scope "_default" is not/],
  ['a collection without scope', (e) => e.createCollection('s', 'y'), 404, /Scope with name "s" is not found/],
  ['the change of no collection', (e) => e.changeCollection('_default', 'y', { maxTtl: 1 }), 404, /is not found/],
])('%s is refused, and nothing changes', (_name, change, status, message) => {
  const editor = new ManifestEditor(DEFAULT_MANIFEST);
  editor.createScope('t');
  editor.createCollection('_default', 'x');
  const before = editor.manifest;
  const attempt = (): void => change(editor);
  expect(attempt).toThrow(ManifestEditError);
  expect(attempt).toThrow(message);
  expect(attempt).toThrow(expect.objectContaining({ status }));
  expect(editor.manifest).toBe(before);
});
