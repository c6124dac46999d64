/** From `seqno` on, the vbucket's history goes by this uuid. */
export interface FailoverEntry {
  readonly uuidHigh: number;
  readonly uuidLow: number;
  readonly seqno: number;
}

/** Maximum number of entries; the oldest are discarded. Source: ep-engine's `max_failover_entries`. */
const ENTRIES_MAX = 25;

/**
 * The branches of a vbucket's history: each time it becomes active somewhere without knowing that it has everything,
 * it goes on under a new uuid, so that a client can tell whether the mutations it made are still there.
 * Source: kv_engine docs/dcp/documentation/commands/failover-log.md.
 */
export class FailoverLog {
  #entries: FailoverEntry[];

  constructor(entries: readonly FailoverEntry[]) {
    this.#entries = [...entries];
  }

  /** Newest first; there is always one. */
  get entries(): readonly FailoverEntry[] {
    return this.#entries;
  }

  get latest(): FailoverEntry {
    return this.#entries[0]!;
  }

  /** Starts a branch at `seqno`; later seqnos of the older ones are void. */
  branch(entry: FailoverEntry): void {
    const kept = this.#entries.filter(({ seqno }) => seqno <= entry.seqno);
    this.#entries = [entry, ...kept].slice(0, ENTRIES_MAX);
  }

  replace(entries: readonly FailoverEntry[]): void {
    this.#entries = [...entries];
  }

  /** The last seqno that was made under a uuid: where the next branch begins. `Infinity` for the latest. */
  lastSeqno(uuidHigh: number, uuidLow: number): number | undefined {
    const at = this.#entries.findIndex((one) => one.uuidHigh === uuidHigh && one.uuidLow === uuidLow);
    if (at < 0) return undefined;
    return at === 0 ? Number.POSITIVE_INFINITY : this.#entries[at - 1]!.seqno;
  }
}
