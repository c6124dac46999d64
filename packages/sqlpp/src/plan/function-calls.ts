import { faultReason } from '../definitions/fault-reason.js';
import { functionFault, NESTED_MAX } from '../definitions/function-fault.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import { EvaluationError } from '../functions/evaluation-error.js';
import type { FunctionBody, FunctionCatalog, FunctionDefinition, FunctionName } from '../keyspaces/function-catalog.js';
import type { ErrorReason } from '../text/error-reason.js';
import { StatementError } from '../text/syntax-error.js';
import type { Value } from '../values/value.js';

/** The body of a function that is an expression. */
export type InlineBody = Extract<FunctionBody, { language: 'inline' }>;

/** Such a body, compiled: its parameters are the first slots of its row. */
export interface InlineCode {
  readonly value: Evaluate;
  /** Number of slots of its row. */
  size(): number;
}

/** Errors that end the statement wherever they happen: timeout, cancellation, memory, rights. */
const FINAL: ReadonlySet<number> = new Set([1080, 1120, 5500, 13014]);

const CODE_NESTED = 10112;

/** Calls the functions of users for one statement. A body is planned when it is first called. */
export class FunctionCalls {
  readonly #catalog: FunctionCatalog | undefined;
  readonly #plan: (definition: FunctionDefinition, body: InlineBody) => InlineCode;
  readonly #codes = new Map<FunctionDefinition, InlineCode>();
  #depth = 0;

  constructor(
    catalog: FunctionCatalog | undefined,
    plan: (definition: FunctionDefinition, body: InlineBody) => InlineCode,
  ) {
    this.#catalog = catalog;
    this.#plan = plan;
  }

  /** @throws StatementError if there cannot be one of this name */
  find(name: FunctionName): FunctionDefinition | undefined {
    return this.#catalog?.find(name);
  }

  /** Compiles a call inside an expression. */
  compile(name: FunctionName, operands: readonly Evaluate[]): Evaluate {
    return (row, run) => {
      const values = operands.map((operand) => operand(row, run));
      try {
        return this.call(name, values, run);
      } catch (error) {
        if (!(error instanceof StatementError) || FINAL.has(error.code)) throw error;
        throw new CallError(error);
      }
    };
  }

  /**
   * Calls a function.
   *
   * @throws StatementError if it is not there, if the user may not call it, or for what happens inside
   */
  call(name: FunctionName, values: readonly Value[], run: Run): Value {
    const definition = this.find(name);
    if (definition === undefined) throw functionFault('missing', name.name);
    const { parameters, body } = definition;
    this.#catalog?.check?.('execute', definition);
    if (parameters !== undefined && parameters.length !== values.length) throw functionFault('mismatching', name.name);
    if (this.#depth >= NESTED_MAX) throw functionFault('nested', name.name);
    this.#depth++;
    try {
      if (body.language === 'javascript') return this.#runJavaScript(definition, values, run);
      return this.#evaluate(definition, body, values, run);
    } finally {
      this.#depth--;
    }
  }

  #evaluate(definition: FunctionDefinition, body: InlineBody, values: readonly Value[], run: Run): Value {
    run.pace();
    try {
      const code = this.#codes.get(definition) ?? this.#plan(definition, body);
      this.#codes.set(definition, code);
      return code.value(rowOf(definition, values, code.size()), run);
    } catch (error) {
      throw executionFault(definition.name, error);
    }
  }

  #runJavaScript(definition: FunctionDefinition, values: readonly Value[], run: Run): Value {
    run.check();
    const call = this.#catalog?.call?.bind(this.#catalog);
    if (call === undefined) throw functionFault('disabled', 'javascript');
    const outcome = call(definition, values, run.remainingMs);
    run.check();
    if ('value' in outcome) return outcome.value;
    throw functionFault('execution', definition.name.name, { details: { Exception: outcome.error } });
  }
}

/** The parameters are the first slots of the row; of any number of arguments one, their array. */
function rowOf({ parameters }: FunctionDefinition, values: readonly Value[], size: number): Row {
  const row: Row = new Array(size).fill(undefined);
  const given = parameters === undefined ? [values.map((value) => value ?? null)] : values;
  for (const [slot, value] of given.entries()) row[slot] = value;
  return row;
}

/** A call inside an expression failed. */
class CallError extends EvaluationError {
  constructor(readonly fault: StatementError) {
    super(fault.message, undefined, faultReason(fault));
  }
}

/** What happens inside a function is told below the error of its call; too many calls inside of one another as it is. */
function executionFault({ name }: FunctionName, error: unknown): unknown {
  if (error instanceof CallError && error.fault.code === CODE_NESTED) return error.fault;
  if (error instanceof CallError) return functionFault('execution', name, faultReason(error.fault));
  if (error instanceof EvaluationError) return functionFault('execution', name, evaluationReason(error));
  if (!(error instanceof StatementError) || FINAL.has(error.code)) return error;
  return functionFault('execution', name, faultReason(error));
}

function evaluationReason({ code, message, reason }: EvaluationError): ErrorReason {
  return { _level: 'exception', code, message, ...(reason !== undefined && { cause: reason }) };
}
