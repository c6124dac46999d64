import { DocFlag, PathFlag } from './operation.js';
import { parsePath } from './path.js';
import type { Result } from './path-operation.js';
import type { Spec } from './subdoc-command.js';

/** Carries out a spec's path operation on a JSON text. Creating a document implies making parents. */
export function runPath(spec: Spec, text: Buffer, value: Buffer, docFlags: number): Result | number {
  const path = parsePath(spec.path);
  if (typeof path === 'number') return path;
  const makesParents = (spec.flags & PathFlag.MakeParents) !== 0 || (docFlags & (DocFlag.Mkdoc | DocFlag.Add)) !== 0;
  return spec.operation.run({ text, path, value, makesParents });
}
