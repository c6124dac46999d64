/** One run of a fuzzer. */
export interface FuzzOptions {
  /** Decides everything. */
  readonly seed: number;
  /** It ends after about so many mutations. */
  readonly mutations: number;
  /** Whole packets, parts of which are put into others. */
  readonly donors: readonly Buffer[];
}

/** What came of it. */
export interface FuzzReport {
  readonly seed: number;
  /** Packets that were made into something else. */
  readonly mutations: number;
  /** Operations, or requests, of which something was expected. */
  readonly calls: number;
  /** What must not be; none, if all is well. */
  readonly faults: readonly string[];
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
