import { FUNCTIONS } from '../functions/families.js';
import type { FunctionSpec } from '../functions/function-spec.js';
import type { Call, Expression } from '../syntax/expression.js';
import type { CompilerHost } from './compiler-host.js';
import { meta } from './meta.js';
import { OPERATOR_FUNCTIONS } from './operator-functions.js';
import type { Evaluate } from './run.js';

const BY_NAME: ReadonlyMap<string, FunctionSpec> = new Map(
  FUNCTIONS.flatMap((spec) => spec.names.map((name) => [name, spec])),
);

/** Finds a scalar function by its name or an alias, in lower case. */
export function findFunction(name: string): FunctionSpec | undefined {
  return BY_NAME.get(name);
}

/** Compiles the call of a function. */
export function compileCall(call: Call, host: CompilerHost, of: (expression: Expression) => Evaluate): Evaluate {
  const name = call.path.length === 1 ? (call.path[0] as string).toLowerCase() : '';
  if (name === 'meta') return meta(call, host);
  if (name === 'unnest_pos' || name === 'unnest_position') return position(call);
  const operands = call.operands.map(of);
  const operator = OPERATOR_FUNCTIONS.get(name);
  if (operator !== undefined) return operator.compile(operands);
  const spec = findFunction(name);
  return spec === undefined ? host.call(call, operands) : invocation(spec, operands);
}

/** UNNEST keeps the position in the slot behind its alias. */
function position({ operands: [operand] }: Call): Evaluate {
  if (operand?.kind !== 'variable') return () => undefined;
  const slot = operand.slot + 1;
  return (row) => {
    const at = row[slot];
    return typeof at === 'number' ? at : undefined;
  };
}

/** Calls with few operands make no list of them. */
function invocation({ evaluate }: FunctionSpec, operands: readonly Evaluate[]): Evaluate {
  const [first, second, third] = operands;
  if (first === undefined) return (_row, run) => evaluate(run);
  if (second === undefined) return (row, run) => evaluate(run, first(row, run));
  if (third === undefined) return (row, run) => evaluate(run, first(row, run), second(row, run));
  if (operands.length === 3) return (row, run) => evaluate(run, first(row, run), second(row, run), third(row, run));
  return (row, run) => evaluate(run, ...operands.map((operand) => operand(row, run)));
}
