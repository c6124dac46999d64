import type { Rolldown } from 'tsdown';

/**
 * Leaves the declarations of a build and nothing else, as the code is made entry by entry. They are written once, as those
 * of the CommonJS files; the declarations of the ES modules take everything from there. TypeScript before 5.8 allows that
 * direction only.
 * @param entries names of the files without their extension
 */
export function declarationsOnly(entries: readonly string[]): Rolldown.Plugin {
  return {
    name: 'declarations-only',
    generateBundle(_options, bundle) {
      for (const file of Object.keys(bundle)) if (!file.endsWith('.d.cts')) delete bundle[file];
      for (const entry of entries) {
        this.emitFile({ type: 'asset', fileName: `${entry}.d.ts`, source: `export * from './${entry}.cjs';\n` });
      }
    },
  };
}
