import { FUNCTIONS } from '../../src/functions/families.js';
import type { FunctionContext, FunctionSpec } from '../../src/functions/function-spec.js';
import type { Value } from '../../src/values/value.js';

/** A warning as a function gave it. */
export type Warning = readonly [code: number, message: string];

const SPECS: ReadonlyMap<string, FunctionSpec> = new Map(
  FUNCTIONS.flatMap((spec) => spec.names.map((name) => [name, spec] as const)),
);

/** Finds a function by any of its names. */
export function spec(name: string): FunctionSpec {
  const found = SPECS.get(name);
  if (found === undefined) throw new Error(`No function ${name}.`);
  return found;
}

/** Evaluates a function on values. */
export function call(name: string, ...operands: Value[]): Value {
  return spec(name).evaluate(context([]), ...operands);
}

export function context(warnings: Warning[]): FunctionContext {
  return {
    startedAtMs: 0,
    clockMs: () => 0,
    random: () => 0.5,
    zone: 'UTC',
    warn: (code, message) => warnings.push([code, message]),
  };
}
