import { setImmediate } from 'node:timers';
import { clauseFault } from '../errors/clause-fault.js';
import type { MutationRun } from '../execute/mutations/mutation-run.js';
import type { ServiceIdentity } from '../functions/function-spec.js';
import { StatementError } from '../text/syntax-error.js';
import { monotonicMs } from '../time/monotonic.js';
import { isObject, type ObjectValue, type Value } from '../values/value.js';

/** Longest time that a statement keeps the thread, in milliseconds. */
const TURN_MS = 10;

/** Steps of loops inside expressions from one check of the limits to the next. */
const STEPS_OF_CHECK = 64;

const CODE_TIMEOUT = 1080;
const CODE_CANCELLED = 1120;
const CODE_MEMORY = 5500;
const CODE_MISSING_KEY = 5503;
const CODE_TOO_DEEP = 5000;

/** A warning or an error of an answer. */
export interface AnswerError {
  /** Number of the error, as in the documentation of the server; 0 for some warnings. */
  readonly code: number;
  /** What is wrong, in the words of the server. */
  readonly msg: string;
  /** Line in the statement that the error is about, from 1. */
  readonly line?: number | undefined;
  /** Column in that line, from 1, in UTF-16 code units. */
  readonly column?: number | undefined;
  /** What the server tells below the message. */
  readonly reason?: unknown;
  /** Whether the same statement may succeed later. */
  readonly retry?: boolean | undefined;
}

/** Parameters and limits of one execution. */
export interface ExecutionOptions {
  /** Values of `$1`, `$2` and `?`, in their order. Default none. */
  readonly positional?: readonly Value[] | undefined;
  /** Values of `$name`, by name. Default none. */
  readonly named?: Readonly<Record<string, Value>> | undefined;
  /** Ends the statement with error 1080 after so many milliseconds. Default: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Limit of the memory that rows hold while they are sorted, grouped and joined, in bytes. Default 256 MiB. */
  readonly memoryBytesMax?: number | undefined;
  /** Cancels the statement: it ends with error 1120. */
  readonly signal?: AbortSignal | undefined;
  /** Documents that are changed keep their expiration unless the statement says another. Default false: they lose it. */
  readonly preserveExpiration?: boolean | undefined;
  /** Milliseconds since 1970, with fractions. Default the machine's clock. */
  readonly clockMs?: (() => number) | undefined;
  /** A number from 0 to below 1. Default Math.random. */
  readonly random?: (() => number) | undefined;
  /** Name of the time zone of dates that do not name one. Default UTC. */
  readonly zone?: string | undefined;
  /** What VERSION, NODE_NAME and their like tell. Default a service that stands alone. */
  readonly service?: ServiceIdentity | undefined;
}

const MEMORY_BYTES_MAX = 256 * 1024 * 1024;

/** One execution of a statement: its parameters, its limits, and what it counts. */
export class Execution implements MutationRun {
  readonly startedAtMs: number;
  readonly zone: string;
  readonly results = new Map<object, Value>();
  readonly warnings: AnswerError[] = [];
  readonly errors: AnswerError[] = [];
  readonly random: () => number;
  readonly clockMs: () => number;
  readonly #options: ExecutionOptions;
  readonly #endMs: number;
  #turnEndMs: number;
  #positional: readonly Value[];
  #named: ObjectValue;
  #heldBytes = 0;
  #steps = 0;
  #sortCount = 0;
  #mutationCount = 0;

  constructor(
    options: ExecutionOptions,
    readonly isReadonly = false,
  ) {
    this.#options = options;
    this.#positional = options.positional ?? [];
    this.#named = options.named ?? {};
    this.clockMs = options.clockMs ?? Date.now;
    this.random = options.random ?? Math.random;
    this.zone = options.zone ?? 'UTC';
    this.startedAtMs = Math.floor(this.clockMs());
    const now = monotonicMs();
    this.#endMs = now + (options.timeoutMs ?? Infinity);
    this.#turnEndMs = now + TURN_MS;
  }

  get service(): ServiceIdentity | undefined {
    return this.#options.service;
  }

  get remainingMs(): number {
    return this.#endMs - monotonicMs();
  }

  get sortCount(): number {
    return this.#sortCount;
  }

  get mutationCount(): number {
    return this.#mutationCount;
  }

  get preservesExpiration(): boolean {
    return this.#options.preserveExpiration === true;
  }

  warn(code: number, msg: string): void {
    this.warnings.push({ code, msg });
  }

  fail(error: StatementError): void {
    this.errors.push(toAnswerError(error));
  }

  parameter(name: string | number): { readonly value: Value } | undefined {
    const [positional, named] = [this.#positional, this.#named];
    if (typeof name === 'number') return name <= positional.length ? { value: positional[name - 1] } : undefined;
    return Object.hasOwn(named, name) ? { value: named[name] } : undefined;
  }

  /** Replaces all parameters: by those of an array, or of an object. */
  bind(parameters: Value): void {
    this.#positional = Array.isArray(parameters) ? parameters : [];
    this.#named = isObject(parameters) ? parameters : {};
  }

  check(): void {
    if (this.#options.signal?.aborted === true) throw new StatementError(CODE_CANCELLED, 'Request was cancelled.');
    if (monotonicMs() >= this.#endMs) throw timeout(this.#options.timeoutMs ?? 0);
  }

  pace(): void {
    this.#steps++;
    if (this.#steps % STEPS_OF_CHECK === 0) this.check();
  }

  hold(bytes: number): void {
    this.#heldBytes += bytes;
    const most = this.#options.memoryBytesMax ?? MEMORY_BYTES_MAX;
    if (this.#heldBytes > most) throw new StatementError(CODE_MEMORY, 'Request has exceeded memory quota');
  }

  countSorted(rows: number): void {
    this.#sortCount += rows;
  }

  countMutations(documents: number): void {
    this.#mutationCount += documents;
  }

  missingKey(key: string): never {
    throw new StatementError(CODE_MISSING_KEY, `Document key not found: ${key}`);
  }

  /** Gives the thread to others if the statement has had it for long. */
  async rest(): Promise<void> {
    if (monotonicMs() < this.#turnEndMs) return;
    await new Promise<void>((resolve) => void setImmediate(resolve));
    this.#turnEndMs = monotonicMs() + TURN_MS;
  }
}

/** Statements are read, planned and evaluated by recursion: how deep they may be nested is how deep the stack is. */
function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message);
}

function timeout(timeoutMs: number): StatementError {
  const text = timeoutMs % 1000 === 0 ? `${timeoutMs / 1000}s` : `${timeoutMs}ms`;
  return new StatementError(CODE_TIMEOUT, `Timeout ${text} exceeded`);
}

/** Returns the error of an answer that ended a statement. */
export function toAnswerError(error: unknown): AnswerError {
  if (isTooDeep(error)) return { code: CODE_TOO_DEEP, msg: 'The statement is nested too deeply.' };
  const fault = clauseFault('expression', error);
  if (!(fault instanceof StatementError)) throw fault;
  const { code, message: msg, position, reason } = fault;
  return {
    code,
    msg,
    ...(position !== undefined && position),
    ...(reason !== undefined && { reason }),
    ...(code === CODE_TIMEOUT && { retry: true }),
  };
}
