import { SUITES } from '../../bench/micro/micro-case.js';
import { listDirectory, listFiles, packageNames, readText } from './repository.js';

const sources = packageNames.flatMap((name) => listFiles(`packages/${name}/src`));

test('the tests of a package are in the folders of its sources', () => {
  const folders = new Set(sources.map((file) => file.replace(/[^/]+$/, '')));
  const tests = packageNames
    .flatMap((name) => listFiles(`packages/${name}`))
    .filter((file) => file.endsWith('.test.ts'));
  const elsewhere = tests.filter((file) => !folders.has(file.replace('/test/', '/src/').replace(/[^/]+$/, '')));
  expect(tests.length).toBeGreaterThan(100);
  expect(elsewhere).toEqual([]);
});

test('what spans packages is tested in folders named for what they prove', () => {
  expect(listDirectory('test').filter((name) => name.includes('.'))).toEqual(['package.json']);
});

test.each(SUITES)('the micro-benchmark %s is of a hot file of the client, which says so', (suite) => {
  const own = sources.filter((file) => /^packages\/(protocol|raw|views|promise)\//.test(file));
  const [source, ...others] = own.filter((file) => file.endsWith(`/${suite}.ts`));
  expect(others).toEqual([]);
  expect(readText(source!)).toMatch(/Hot (file|function)/);
});
