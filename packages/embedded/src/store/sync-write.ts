import { type Document, duplicate } from './document.js';

/**
 * How much of the cluster must have a write before it takes effect.
 * Source: kv_engine docs/BinaryProtocol.md, "Durability Requirement".
 */
export const DurabilityLevel = {
  Majority: 1,
  MajorityAndPersistOnMaster: 2,
  PersistToMajority: 3,
} as const;

/** Names of the nodes that have a vbucket, the active first; null where a copy is wanted and there is none. */
export type Chain = readonly (string | null)[];

/** What becomes of a sync write: success, ambiguous, or why it could not be begun. */
export type SyncWriteEnd = (status: number, document: Document) => void;

/**
 * A durable write between its prepare and its commit or abort.
 *
 *   prepare ---> enough nodes have it ---> commit (a seqno of its own): the document changes
 *      \-------> time is up -------------> abort  (likewise): it stays as it was, the client is told "ambiguous"
 */
export class SyncWrite {
  readonly draft: Document;
  readonly level: number;
  /** The prepare's own place among the mutations. */
  readonly seqno: number;
  /** The nodes that have it, as far as the level asks: in memory, or on disk. */
  readonly acknowledged = new Set<string>();
  /** Set when it is over. */
  status: number | undefined;
  cancelTimer: (() => void) | undefined;
  cancelPersistence: (() => void) | undefined;
  #onEnd: SyncWriteEnd | undefined;

  constructor(draft: Document, level: number, seqno: number) {
    this.draft = draft;
    this.level = level;
    this.seqno = seqno;
  }

  /** A copy of the prepare for another node: its draft is its own, and its end is not awaited. */
  copy(): SyncWrite {
    return new SyncWrite(duplicate(this.draft), this.level, this.seqno);
  }

  /** Calls `action` when the write is over; it must not be over yet. */
  set onEnd(action: SyncWriteEnd) {
    this.#onEnd = action;
  }

  /** Whether a majority of every chain has it, and the active as well. */
  isSatisfied(chains: readonly Chain[]): boolean {
    return chains.every((chain) => {
      const active = chain[0];
      if (active === undefined || active === null || !this.acknowledged.has(active)) return false;
      const having = chain.filter((node) => node !== null && this.acknowledged.has(node)).length;
      return having >= majority(chain);
    });
  }

  end(status: number): void {
    this.status = status;
    this.cancelTimer?.();
    this.cancelPersistence?.();
    this.#onEnd?.(status, this.draft);
  }
}

/** Whether the level can be reached at all: the chains are known, and have enough nodes. */
export function isPossible(chains: readonly Chain[] | undefined): chains is readonly Chain[] {
  if (chains === undefined || chains.length === 0) return false;
  return chains.every((chain) => chain.filter((node) => node !== null).length >= majority(chain));
}

/** The chains in the text of a SET_VBUCKET request: `{"topology":[["n0","n1",null]]}`. `undefined` when malformed. */
export function parseTopology(text: string): Chain[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Any text that is not JSON is refused alike.
    return undefined;
  }
  const topology = typeof parsed === 'object' && parsed !== null && 'topology' in parsed ? parsed.topology : undefined;
  if (!Array.isArray(topology) || topology.length > 2) return undefined;
  return topology.every(isChain) ? topology : undefined;
}

function isChain(chain: unknown): chain is Chain {
  return (
    Array.isArray(chain) &&
    chain.length > 0 &&
    typeof chain[0] === 'string' &&
    chain.every((node) => node === null || typeof node === 'string')
  );
}

function majority(chain: Chain): number {
  return Math.floor(chain.length / 2) + 1;
}
