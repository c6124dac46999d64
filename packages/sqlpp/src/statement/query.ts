import { planDefinition } from '../plan/definition-planner.js';
import { planInfer } from '../plan/infer-planner.js';
import { planMutation } from '../plan/mutation-planner.js';
import { StatementPlanner } from '../plan/planner.js';
import { refusal } from '../plan/refusal.js';
import { planSelect } from '../plan/select-planner.js';
import type { Statement } from '../syntax/statement.js';
import { parseStatement } from '../syntax/statement-parser.js';
import { StatementError } from '../text/syntax-error.js';
import type { Value } from '../values/value.js';
import { catalogOfArrays } from './array-keyspaces.js';
import { type AnswerError, Execution, toAnswerError } from './execution.js';
import { checkQueryOptions, type QueryOptions } from './query-options.js';

/** How a statement ended: `errors` if only some of its mutations failed. */
export type QueryStatus = 'success' | 'errors' | 'fatal';

/** What a plan of any statement gives. */
export interface StatementPlan {
  readonly signature: Value;
  /** Whether it changes documents or definitions. */
  readonly changes: boolean;
  batches(execution: Execution): Iterable<readonly Value[]>;
}

const CODE_READ_ONLY = 1000;

/**
 * A statement under way. Rows come in batches as they are found; `errors`, `warnings` and the counts are whole when they
 * have ended. A statement that cannot be planned has errors and no rows.
 */
export class Query implements AsyncIterable<readonly Value[]> {
  readonly #execution: Execution;
  readonly #plan: StatementPlan | undefined;
  #isFatal = false;

  /** @throws TypeError if the statement is not a string, or for an option that is unknown or of another type. */
  constructor(statement: string, options: QueryOptions = {}) {
    if (typeof statement !== 'string') throw new TypeError('statement must be a string');
    checkQueryOptions(options);
    this.#execution = new Execution(options, options.readonly);
    try {
      const plan = planStatement(statement, parseStatement(statement), options);
      if (plan.changes && options.readonly === true) throw readOnly();
      this.#plan = plan;
    } catch (error) {
      this.#end(error);
    }
  }

  /** Whether the statement could be planned, so that it has a signature and rows. */
  get isPlanned(): boolean {
    return this.#plan !== undefined;
  }

  /** Names and types of results; null for a statement without any. */
  get signature(): Value {
    return this.#plan?.signature;
  }

  /** What is wrong with the statement, as far as it has run: errors of documents that could not be changed, and what ended it. */
  get errors(): readonly AnswerError[] {
    return this.#execution.errors;
  }

  /** What the statement should have avoided, as far as it has run. */
  get warnings(): readonly AnswerError[] {
    return this.#execution.warnings;
  }

  /** Whether there have been errors so far. */
  get status(): QueryStatus {
    if (this.#isFatal) return 'fatal';
    return this.errors.length === 0 ? 'success' : 'errors';
  }

  /** Number of rows that were sorted. */
  get sortCount(): number {
    return this.#execution.sortCount;
  }

  /** Number of documents that were changed. */
  get mutationCount(): number {
    return this.#execution.mutationCount;
  }

  /** Runs the statement; a loop that is left cancels it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Value[]> {
    if (this.#plan === undefined) return;
    const execution = this.#execution;
    try {
      for (const batch of this.#plan.batches(execution)) {
        if (batch.length > 0) yield batch;
        execution.check();
        await execution.rest();
      }
    } catch (error) {
      this.#end(error);
    }
  }

  #end(error: unknown): void {
    this.#execution.errors.push(toAnswerError(error));
    this.#isFatal = true;
  }

  /** Returns all rows. */
  async rows(): Promise<Value[]> {
    const rows: Value[] = [];
    for await (const batch of this) for (const row of batch) rows.push(row);
    return rows;
  }
}

/**
 * Runs a statement of SQL++. What is wrong with the statement is in the errors of the query.
 *
 * @throws TypeError if the statement is not a string, or for an option that is unknown or of another type
 */
export function query(statement: string, options: QueryOptions = {}): Query {
  return new Query(statement, options);
}

function planStatement(text: string, statement: Statement, options: QueryOptions): StatementPlan {
  const catalog = options.catalog ?? catalogOfArrays(options.keyspaces ?? {});
  const planner = new StatementPlanner(text, catalog, options.context);
  switch (statement.kind) {
    case 'select': {
      const plan = planSelect(planner, statement, undefined);
      return { signature: plan.signature, changes: false, batches: (execution) => plan.batches(execution, []) };
    }
    case 'infer':
      return { ...planInfer(planner, statement), changes: false };
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return { ...planMutation(planner, statement), changes: true };
    case 'explain':
    case 'prepare':
      // What is wrong with the statement inside is told first.
      planStatement(text, statement.statement, options);
      throw refusal(statement, planner, options.context !== undefined);
    default: {
      const plan = planDefinition(planner, statement);
      if (plan !== undefined) return plan;
      throw refusal(statement, planner, options.context !== undefined);
    }
  }
}

function readOnly(): StatementError {
  const message = 'The server or request is read-only and cannot accept this write statement.';
  return new StatementError(CODE_READ_ONLY, message);
}
