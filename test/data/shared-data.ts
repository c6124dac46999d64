import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Recordings and samples that are kept next to the repository, not in it. */
const FOLDER = resolve(__dirname, '../../../shared/data');

/**
 * The path of a shared file; undefined where it is missing.
 * @throws Error where it is missing and must not be: with CI or CB_REQUIRE_SHARED set.
 */
export function sharedData(name: string): string | undefined {
  const path = resolve(FOLDER, name);
  if (existsSync(path)) return path;
  if (process.env['CI'] || process.env['CB_REQUIRE_SHARED']) throw new Error(`${path} is missing`);
  return undefined;
}

/** The content of a shared file that is there, unpacked when its name ends in `.gz`. */
export function readSharedData(path: string): Buffer {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}
