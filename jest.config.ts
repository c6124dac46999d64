import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

/** Sources are compiled on the fly to CommonJS; types are checked before, by `npm run check`. */
const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/packages', '<rootDir>/test'],
  testMatch: ['**/test/**/*.test.ts'],
  moduleNameMapper: {
    '^@cb/([a-z]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@cb/([a-z]+)/([a-z/-]+)$': '<rootDir>/packages/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.[jt]s$': [
      'ts-jest',
      {
        diagnostics: false,
        tsconfig: {
          target: 'es2022',
          module: 'commonjs',
          moduleResolution: 'node10',
          ignoreDeprecations: '6.0',
          isolatedModules: true,
          esModuleInterop: true,
          allowJs: true,
          sourceMap: true,
        },
      },
    ],
  },
  testTimeout: 30_000,
  testSequencer: '<rootDir>/test/effort/slow-first.cjs',
  // Tests wait for sockets and processes too: two are in no other's way on any machine, and many cores carry more.
  maxWorkers: Math.min(Math.max(availableParallelism(), 2), 4),
};

export default config;
