import { readFile } from 'node:fs/promises';
import { CommandFailure } from '../terminal/command-failure.js';

/**
 * Reads the design documents of a file, by name: `{"beer": {"views": {…}}, …}`.
 * @throws CommandFailure when the file holds something else; the system's error when it cannot be read.
 */
export async function readDesigns(path: string): Promise<ReadonlyMap<string, object>> {
  const text = await readFile(path, 'utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new CommandFailure(`${path}: ${(error as Error).message}`);
  }
  if (!isObject(parsed)) throw new CommandFailure(`${path}: this is not an object with design documents by name`);
  return new Map(
    Object.entries(parsed).map(([name, design]) => {
      if (isObject(design) && 'views' in design && isObject(design.views)) return [name, design];
      throw new CommandFailure(`${path}: ${JSON.stringify(name)} is not a design document with "views"`);
    }),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
