import type { KeyspaceName } from '../keyspaces/catalog.js';
import type { Prepared } from '../keyspaces/prepared-catalog.js';
import { parseStatement } from '../syntax/statement-parser.js';
import { StatementError } from '../text/syntax-error.js';
import type { Value } from '../values/value.js';
import { catalogOfArrays } from './array-keyspaces.js';
import { type AnswerError, Execution, toAnswerError } from './execution.js';
import { planPrepared } from './prepared-planner.js';
import { checkQueryOptions, type PlanningOptions, type QueryOptions } from './query-options.js';
import type { StatementPlan } from './statement-plan.js';
import { planStatement } from './statement-planner.js';
import { statementType } from './statement-type.js';

/** How a statement ended: `errors` if only some of its mutations failed. */
export type QueryStatus = 'success' | 'errors' | 'fatal';

/** A prepared statement by its name. */
export interface PreparedName {
  /** As PREPARE gave it. */
  readonly prepared: string;
}

const CODE_READ_ONLY = 1000;

/**
 * A statement under way. Rows come in batches as they are found; `errors`, `warnings` and the counts are whole when they
 * have ended. A statement that cannot be planned has errors and no rows.
 */
export class Query implements AsyncIterable<readonly Value[]> {
  readonly #execution: Execution;
  readonly #plan: StatementPlan | undefined;
  #type: string | undefined;
  #isFatal = false;

  /** @throws TypeError if the statement is not a string, or for an option that is unknown or of another type. */
  constructor(statement: string | PreparedName, options: QueryOptions = {}) {
    if (!isStatement(statement)) throw new TypeError('statement must be a string');
    checkQueryOptions(options);
    this.#execution = new Execution(options, options.readonly);
    try {
      const plan = this.#planOf(statement, planningOptions(options, this.#execution));
      this.#type = plan.type ?? this.#type;
      if (plan.changes && options.readonly === true) throw readOnly();
      this.#plan = plan;
    } catch (error) {
      this.#end(error);
    }
  }

  #planOf(statement: string | PreparedName, options: PlanningOptions): StatementPlan {
    if (typeof statement !== 'string') return planPrepared(statement.prepared, options, planStatement);
    const parsed = parseStatement(statement);
    this.#type = statementType(parsed);
    return planStatement(statement, parsed, options);
  }

  /** Whether the statement could be planned, so that it has a signature and rows. */
  get isPlanned(): boolean {
    return this.#plan !== undefined;
  }

  /** Names and types of results; null for a statement without any. */
  get signature(): Value {
    return this.#plan?.signature;
  }

  /** What the service calls the kind of statement, as in CREATE_INDEX; undefined for one that cannot be read. */
  get type(): string | undefined {
    return this.#type;
  }

  /** The keyspaces that the statement was planned with. */
  get keyspaces(): readonly KeyspaceName[] {
    return this.#plan?.keyspaces ?? [];
  }

  /** The prepared statement that is run; undefined for any other. */
  get prepared(): Prepared | undefined {
    return this.#plan?.prepared;
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

/**
 * Runs a prepared statement of the catalog. That there is none of this name is in the errors of the query.
 *
 * @param name what PREPARE called it
 * @throws TypeError if the name is not a string, or for an option that is unknown or of another type
 */
export function queryPrepared(name: string, options: QueryOptions = {}): Query {
  return new Query({ prepared: name }, options);
}

function isStatement(statement: unknown): statement is string | PreparedName {
  const name = (statement as PreparedName | null | undefined)?.prepared;
  return typeof statement === 'string' || typeof name === 'string';
}

function planningOptions(options: QueryOptions, { clockMs }: Execution): PlanningOptions {
  const { catalog = catalogOfArrays(options.keyspaces ?? {}), context, autoExecute, indexRequired } = options;
  return { catalog, context, autoExecute, indexRequired, clockMs };
}

function readOnly(): StatementError {
  const message = 'The server or request is read-only and cannot accept this write statement.';
  return new StatementError(CODE_READ_ONLY, message);
}
