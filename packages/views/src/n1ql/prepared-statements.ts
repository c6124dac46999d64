import { perBucket } from '../http/per-bucket.js';

/** Maximum number of statements remembered for a bucket. */
const STATEMENTS_MAX = 5000;

/** A statement that the service has prepared. */
export interface PreparedStatement {
  readonly name: string;
  /** The plan itself, from services that do not share plans. */
  readonly encodedPlan: string | undefined;
}

/** The prepared statements; the most recently used ones are at the end. */
export class PreparedStatements {
  readonly #max: number;
  readonly #byText = new Map<string, PreparedStatement>();

  constructor(max = STATEMENTS_MAX) {
    this.#max = max;
  }

  get size(): number {
    return this.#byText.size;
  }

  get(statement: string): PreparedStatement | undefined {
    const prepared = this.#byText.get(statement);
    if (prepared === undefined) return undefined;
    this.#byText.delete(statement);
    this.#byText.set(statement, prepared);
    return prepared;
  }

  /** Remembers a statement, and evicts the least recently used one when there are too many. */
  set(statement: string, prepared: PreparedStatement): void {
    this.#byText.delete(statement);
    this.#byText.set(statement, prepared);
    if (this.#byText.size <= this.#max) return;
    const [oldest] = this.#byText.keys();
    this.#byText.delete(oldest!);
  }

  delete(statement: string): void {
    this.#byText.delete(statement);
  }
}

/** Returns the statements prepared through a bucket. */
export const preparedStatementsOf = perBucket(() => new PreparedStatements());
