import type { FunctionName } from '../keyspaces/function-catalog.js';
import type { Scope } from '../names/scope.js';
import type { Call } from '../syntax/expression.js';
import { StatementError } from '../text/syntax-error.js';
import type { Planner } from './planning.js';

const CODE_FUNCTION = 3000;

/** Returns the full name that a path means: of one part, in the scope of the request, or of the whole cluster. */
export function functionName(
  namespace: string | undefined,
  parts: readonly string[],
  context: { readonly bucket: string; readonly scope: string } | undefined,
): FunctionName {
  const [first = '', second, third] = parts;
  if (third !== undefined) return { namespace: namespace ?? 'default', bucket: first, scope: second, name: third };
  const name = parts.length === 1 ? first : parts.join('.');
  if (namespace !== undefined || context === undefined) return { namespace: namespace ?? 'default', name };
  return { namespace: 'default', bucket: context.bucket, scope: context.scope, name };
}

/** Returns what names of one part in the body of a function belong to: its own scope. */
export function contextOf({ bucket, scope }: FunctionName): Planner['context'] {
  return bucket === undefined || scope === undefined ? undefined : { bucket, scope };
}

/** Gives a scope the parameters of a function. */
export function addParameters(scope: Scope, parameters: readonly string[]): void {
  for (const name of parameters) scope.add({ name, origin: 'parameter', slot: scope.frame.allocate() });
}

/** Prints the path of a call as it was written. */
export function shownPath({ namespace, path }: Call): string {
  return namespace === undefined ? path.join('.') : `${namespace}:${path.join('.')}`;
}

/**
 * Returns whether a call is one of a function that users defined.
 *
 * @throws StatementError if there can be none of this name, as its bucket or its scope is missing
 */
export function isUserCall(call: Call, planner: Planner): boolean {
  const isPlain = call.over === undefined && call.filter === undefined && call.quantifier === undefined && !call.star;
  const name = functionName(call.namespace, call.path, planner.context);
  try {
    return isPlain && planner.functions.find(name) !== undefined;
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    const path = call.namespace === undefined ? `default:${shownPath(call)}` : shownPath(call);
    throw planner.placed(CODE_FUNCTION, `Invalid function name '${path}' - cause: ${error.message}`, call.at, '.');
  }
}
