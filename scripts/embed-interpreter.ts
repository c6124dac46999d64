import { createRequire } from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Rolldown } from 'tsdown';
import { readInterpreter } from '../packages/embedded/src/views/sandbox/interpreter.js';

const EMBEDDED = join(import.meta.dirname, '../packages/embedded/package.json');

/** Replaces the module that reads the interpreter's package by one that contains the interpreter. */
export function embedInterpreter(): Rolldown.Plugin {
  return {
    name: 'embed-interpreter',
    load: {
      filter: { id: /\/sandbox\/quickjs\.ts$/ },
      handler() {
        const { loader, ffi, wasm } = readInterpreter(createRequire(EMBEDDED).resolve);
        const packed = brotliCompressSync(wasm).toString('base64');
        return `
          import { brotliDecompressSync } from 'node:zlib';
          export const quickjs = {
            loader: ${JSON.stringify(loader)},
            ffi: ${JSON.stringify(ffi)},
            wasm: brotliDecompressSync(Buffer.from('${packed}', 'base64')),
          };`;
      },
    },
  };
}
