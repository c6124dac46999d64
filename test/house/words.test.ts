import { listFiles, readText } from './repository.js';

/** Words that readers from everywhere look up, each with the plainer ones. */
const plainer: Readonly<Record<string, string>> = {
  anew: 'again, new',
  beside: 'next to, besides, in parallel with',
  meanwhile: 'in that time, in the meantime',
  whoever: 'the caller, a user that',
  whomever: 'the caller, a user that',
};

/** The faults in a text, as `word: what to say`. */
function faultsIn(text: string): string[] {
  const words = new Set(text.toLowerCase().match(/\b[a-z]+\b/g));
  return Object.entries(plainer).flatMap(([word, better]) => (words.has(word) ? [`${word}: ${better}`] : []));
}

test('no text has words that there is a plainer one for', () => {
  const files = ['packages', 'docs', 'bench', 'examples', 'test', 'scripts'].flatMap((directory) =>
    listFiles(directory).filter((file) => /\.(ts|js|md)$/.test(file) && !file.startsWith('test/house/')),
  );
  const texts = [...files, 'README.md', 'CHANGELOG.md', 'SECURITY.md'];
  expect(texts.length).toBeGreaterThan(1000);
  expect(texts.flatMap((file) => faultsIn(readText(file)).map((fault) => `${file}: ${fault}`))).toEqual([]);
});

test('the check finds such words, and none within others', () => {
  expect(faultsIn('Connect Anew, besides.')).toEqual(['anew: again, new']);
});
