import type { KeyspaceName } from '../keyspaces/catalog.js';
import type { KeyspacePath } from '../syntax/select.js';

/** Returns the full name that a path means: of one part, in the scope of the request, or a bucket. */
export function resolveKeyspace(
  { namespace = 'default', parts }: KeyspacePath,
  context: { readonly bucket: string; readonly scope: string } | undefined,
): KeyspaceName {
  const [bucket = '', scope, collection] = parts;
  if (scope === undefined && context !== undefined && namespace === 'default') {
    return { namespace, bucket: context.bucket, scope: context.scope, collection: bucket };
  }
  if (collection === undefined) return { namespace, bucket };
  return { namespace, bucket, scope, collection };
}
