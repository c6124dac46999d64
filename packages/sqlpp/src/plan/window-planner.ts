import { findAggregate } from '../aggregates/families.js';
import { BATCH_SIZE, type Batch, NO_ROWS, type Operator } from '../execute/operator.js';
import { constantOf } from '../expressions/constant.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import { EvaluationError } from '../functions/evaluation-error.js';
import type { Scope } from '../names/scope.js';
import { mapChildren } from '../syntax/children.js';
import type { Call, Expression, FrameEdge, WindowDefinition, WindowFrame } from '../syntax/expression.js';
import { expressionText } from '../syntax/expression-text.js';
import type { Subselect } from '../syntax/select.js';
import { StatementError } from '../text/syntax-error.js';
import { truth } from '../values/truth.js';
import { findWindowFunction } from '../windows/families.js';
import type { Frame, FrameBound } from '../windows/frame.js';
import { computeWindow, type WindowCall } from '../windows/window-call.js';
import { windowFault } from '../windows/window-faults.js';
import { normalText } from './normal-text.js';
import { planTerms } from './order-planner.js';
import type { Planner } from './planning.js';

const CODE_WINDOW = 3220;
const CODE_WINDOW_NAME = 6500;
const CODE_EVALUATION = 5010;
const CODE_RUNNING = 5340;

const TRUE: Expression = { kind: 'literal', value: true, at: 0 };

type Definitions = ReadonlyMap<string, WindowDefinition>;

/** Compiles a call with OVER for an execution. */
type CallOf = (run: Run, outer: Row) => WindowCall<Row>;

interface PlannedCall {
  readonly slot: number;
  readonly callOf: CallOf;
  readonly text: string;
}

/** Plans calls with OVER: each becomes a value of the row. */
export class WindowPlanner {
  readonly #planner: Planner;
  readonly #scope: Scope;
  readonly #definitions: Definitions;
  readonly #calls = new Map<string, PlannedCall>();

  constructor(planner: Planner, scope: Scope, definitions: Definitions) {
    this.#planner = planner;
    this.#scope = scope;
    this.#definitions = definitions;
  }

  /** Replaces calls with OVER of a formal expression by what holds their results. */
  replace(expression: Expression): Expression {
    if (expression.kind !== 'call' || expression.over === undefined) {
      return mapChildren(expression, (child) => this.replace(child));
    }
    const over = this.#definitionOf(expression.over);
    const call = { ...expression, over };
    const text = normalText(call);
    const known = this.#calls.get(text);
    const slot = known?.slot ?? this.#scope.frame.allocate();
    if (known === undefined)
      this.#calls.set(text, { slot, callOf: this.#plan(call, over), text: expressionText(call) });
    return { kind: 'variable', name: '', slot, hasMeta: false, origin: 'group', at: expression.at };
  }

  /** Texts of the calls. */
  get texts(): readonly string[] {
    return [...this.#calls.values()].map(({ text }) => text);
  }

  /** Computes the calls over all rows. */
  plan(input: Operator): Operator {
    const calls = this.#calls;
    return (run, outer) => (calls.size === 0 ? input(run, outer) : windowRows(input(run, outer), calls, run, outer));
  }

  #definitionOf(over: string | WindowDefinition): WindowDefinition {
    if (typeof over === 'string') return this.#named(over);
    return over.base === undefined ? over : extended(this.#named(over.base), over);
  }

  #named(name: string): WindowDefinition {
    const found = this.#definitions.get(name);
    if (found !== undefined) return found;
    throw new StatementError(CODE_WINDOW_NAME, `Window ${name} not in the scope of window clause`);
  }

  #plan(call: Call, over: WindowDefinition): CallOf {
    const name = (call.path[0] as string).toLowerCase();
    const { frame } = over;
    const compile = (expression: Expression): Evaluate => this.#planner.compile(expression, this.#scope);
    const window = findWindowFunction(name);
    const aggregate = window === undefined ? findAggregate(name) : undefined;
    const second = call.operands[1] && constantOf(call.operands[1]);
    const fault = windowFault({
      name: name.toUpperCase(),
      needsOrder: window?.needsOrder ?? false,
      orderTerms: over.orderBy.length,
      frame: frame && constantFrame(frame),
      takesFrame: window?.takesFrame ?? true,
      ...(second !== undefined && { secondOperand: second.value }),
    });
    if (fault !== undefined) throw new StatementError(CODE_WINDOW, fault);
    const operands = (call.star ? [TRUE] : call.operands).map(compile);
    const filter = call.filter && compile(call.filter);
    const partitionBy = over.partitionBy.map(compile);
    const orderBy = over.orderBy.map(({ value }) => compile(value));
    const terms = planTerms(this.#planner, over.orderBy, this.#scope);
    const bounds = frame && { frame, start: edgeCode(frame.start, compile), end: edgeCode(frame.end, compile) };
    const fn: WindowCall<Row>['function'] =
      window !== undefined
        ? { kind: 'window', spec: window }
        : { kind: 'aggregate', spec: known(aggregate, name), distinct: call.quantifier === 'distinct' };
    return (run, outer) => {
      const sortTerms = terms(outer, run);
      const bind = (code: Evaluate) => (row: Row) => code(row, run);
      return {
        function: fn,
        operands: operands.map(bind),
        filter: filter && ((row) => truth(filter(row, run)) === true),
        partitionBy: partitionBy.map(bind),
        orderBy: orderBy.map((value, at) => ({ descending: false, ...sortTerms[at], value: bind(value) })),
        frame: bounds && { ...bounds.frame, start: bounds.start(outer, run), end: bounds.end(outer, run) },
        ignoreNulls: call.nulls === 'ignore',
        fromLast: call.from === 'last',
      };
    };
  }
}

function known<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new TypeError(`The window function ${name} is not known.`);
  return found;
}

function* windowRows(
  input: Iterable<Batch>,
  calls: ReadonlyMap<string, { readonly slot: number; readonly callOf: CallOf }>,
  run: Run,
  outer: Row,
): Generator<Batch> {
  const rows: Row[] = [];
  for (const batch of input) {
    for (const row of batch) rows.push(row);
    run.hold(batch.length * 200);
    yield NO_ROWS;
  }
  for (const { slot, callOf } of calls.values()) {
    try {
      const steps = computeWindow(callOf(run, outer), rows);
      let step = steps.next();
      for (; step.done !== true; step = steps.next()) yield NO_ROWS;
      const values = step.value;
      for (let at = 0; at < rows.length; at++) (rows[at] as Row)[slot] = values[at];
    } catch (error) {
      throw windowError(error);
    }
    run.check();
    yield NO_ROWS;
  }
  for (let from = 0; from < rows.length; from += BATCH_SIZE) yield rows.slice(from, from + BATCH_SIZE);
}

function windowError(error: unknown): unknown {
  const isRunning = error instanceof EvaluationError && (error.code === CODE_EVALUATION || error.code === CODE_RUNNING);
  if (!isRunning) return error;
  return new StatementError(CODE_RUNNING, `Error evaluating Window function. - cause: ${error.message}`);
}

/** Adds to a named window what `OVER (name ...)` says. */
function extended(base: WindowDefinition, over: WindowDefinition): WindowDefinition {
  if (over.partitionBy.length > 0) {
    const message = `Window ${over.base} shall not have a window partitioning clause`;
    throw new StatementError(CODE_WINDOW_NAME, message);
  }
  return {
    partitionBy: base.partitionBy,
    orderBy: over.orderBy.length > 0 ? over.orderBy : base.orderBy,
    frame: over.frame ?? base.frame,
    at: over.at,
  };
}

/** Resolves the windows of a WINDOW clause; a later one may build on an earlier one. */
export function namedWindows(
  windows: Subselect['windows'],
  resolve: (definition: WindowDefinition) => WindowDefinition,
): Definitions {
  const definitions = new Map<string, WindowDefinition>();
  for (const { name, definition } of windows) {
    const { base } = definition;
    const from = base === undefined ? undefined : definitions.get(base);
    if (base !== undefined && from === undefined) {
      throw new StatementError(CODE_WINDOW_NAME, `Window ${base} not in the scope of window clause`);
    }
    const resolved = resolve(definition);
    definitions.set(name, from === undefined ? resolved : extended(from, resolved));
  }
  return definitions;
}

function constantFrame(frame: WindowFrame): Frame {
  const bound = (edge: FrameEdge): FrameBound =>
    'offset' in edge ? { kind: edge.kind, offset: constantOf(edge.offset)?.value } : edge;
  return { ...frame, start: bound(frame.start), end: bound(frame.end) };
}

function edgeCode(
  edge: FrameEdge,
  compile: (expression: Expression) => Evaluate,
): (outer: Row, run: Run) => FrameBound {
  if (!('offset' in edge)) return () => edge;
  const { kind } = edge;
  const offset = compile(edge.offset);
  return (outer, run) => ({ kind, offset: offset(outer, run) });
}
