import { subdocPath } from '@cb/promise';
import fc from 'fast-check';
import { parsePath } from '../../packages/embedded/src/subdoc/path.js';

test('whatever the names, the server reads the same components', () => {
  // Control characters have no name that a path can spell.
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((text) => !/\p{Cc}/u.test(text));
  const components = fc.array(fc.oneof(name, fc.integer({ min: -1, max: 1e6 })), { maxLength: 8 });
  fc.assert(
    fc.property(components, (steps) => {
      const parsed = parsePath(Buffer.from(subdocPath(...steps)));
      const spelled = (parsed as readonly (Buffer | number)[]).map((component) =>
        typeof component === 'number' ? component : (JSON.parse(`"${component}"`) as string),
      );
      expect(spelled).toEqual(steps);
    }),
  );
});
