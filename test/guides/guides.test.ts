import { programsOf, run, typeErrors } from './guide.js';

describe.each(['key-value', 'errors', 'clusters', 'queries', 'from-the-official-sdk'])('docs/guides/%s.md', (name) => {
  const programs = programsOf(name);

  test('has programs', () => {
    expect(programs.length).toBeGreaterThan(1);
  });

  test('the compiler accepts them all', () => {
    expect(typeErrors(programs)).toEqual([]);
  });

  test.each(programs)('$name', async (program) => {
    expect(await run(program)).toEqual(program.prints);
  });
});
