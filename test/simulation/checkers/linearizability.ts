import { type Call, describeCall, describeOutcome } from '../history.js';
import {
  afterCall,
  type DocumentState,
  isTelling,
  isWrite,
  type Moves,
  mayHaveEffect,
  stateId,
} from './document-model.js';
import { Observed } from './observed.js';

/** What happened to one key between two times at which nothing was under way. */
export interface KeyHistory {
  readonly calls: readonly Call[];
  readonly initial: DocumentState;
  /** Times at which a copy took over that may have lacked what was not durable. */
  readonly losses: readonly number[];
  readonly moves: Moves;
}

export interface Verdict {
  /** `undecided`: there are too many possibilities. */
  readonly kind: 'linearizable' | 'violated' | 'undecided';
  /** How the search got the furthest, and what it could not explain. */
  readonly account: readonly string[];
}

/** Positions looked at before the search gives up. */
const POSITIONS_MAX = 30_000;

/** One thing to be put in order: a call, or a loss (`call` undefined). */
interface Entry {
  readonly call: Call | undefined;
  readonly from: number;
  /** Infinity when it may take effect at any later time, or never. */
  readonly until: number;
  readonly isOptional: boolean;
  /** It changes nothing when it fits. */
  readonly isRead: boolean;
}

interface Position {
  readonly state: DocumentState;
  /** What it would be without the last write, if that may have happened or not, and nothing has shown that it did. */
  readonly otherwise: DocumentState | undefined;
  /** Versions that a loss may bring back, back to the last one that was surely durable. Only kept before a loss. */
  readonly earlier: readonly DocumentState[];
}

/**
 * Whether there is an order of the calls, each at a time between its beginning and its end, in which one document would
 * have given the same answers. The search is that of Wing and Gong, with a memory of the positions it has been in (Lowe).
 */
export function checkLinearizable(history: KeyHistory): Verdict {
  return new Search(history).run();
}

class Search {
  readonly #entries: readonly Entry[];
  readonly #moves: Moves;
  readonly #initial: DocumentState;
  readonly #observed: Observed;
  readonly #done: boolean[];
  readonly #visited = new Set<string>();
  #lossesLeft: number;
  #positions = 0;
  #bestDone = -1;
  #account: readonly string[] = [];
  readonly #path: Entry[] = [];
  /** Writes whose CAS is known, in its order, which is that in which they took effect. */
  readonly #writes: readonly Entry[];
  #nextWrite = 0;

  constructor({ calls, initial, losses, moves }: KeyHistory) {
    this.#entries = [
      ...calls.filter(isTelling).map(entryOf),
      ...losses.map((at) => ({ call: undefined, from: at, until: at, isOptional: false, isRead: false })),
    ].sort((a, b) => a.from - b.from);
    this.#writes = this.#entries.filter(hasPlace).sort(byCas);
    this.#done = this.#entries.map(() => false);
    this.#observed = new Observed(calls);
    this.#moves = moves;
    this.#initial = initial;
    this.#lossesLeft = losses.length;
  }

  run(): Verdict {
    const isFound = this.#explore({ state: this.#initial, otherwise: undefined, earlier: [] }, 0);
    if (isFound) return { kind: 'linearizable', account: [] };
    const kind = this.#positions > POSITIONS_MAX ? 'undecided' : 'violated';
    return { kind, account: this.#account };
  }

  /** @param first everything before it is done, or may be left out */
  #explore(position: Position, first: number): boolean {
    let at = first;
    while (at < this.#entries.length && (this.#done[at] || this.#entries[at]!.isOptional)) at++;
    if (at === this.#entries.length) return true;
    if (++this.#positions > POSITIONS_MAX) return false;
    const id = this.#idOf(position, at);
    if (this.#visited.has(id)) return false;
    this.#visited.add(id);
    const candidates = this.#candidates(at);
    this.#note(position, candidates);
    // A read that fits changes nothing for the others, whatever comes: no other order need be tried.
    const read = candidates.find((index) => this.#fitsAsRead(position.state, this.#entries[index]!));
    if (read !== undefined) return this.#take(read, this.#afterRead(position, this.#entries[read]!), at);
    return candidates.some((index) =>
      this.#successors(position, this.#entries[index]!).some((next) => this.#take(index, next, at)),
    );
  }

  #take(index: number, next: Position, first: number): boolean {
    const entry = this.#entries[index]!;
    if (entry.call === undefined) this.#lossesLeft--;
    if (entry === this.#writes[this.#nextWrite]) this.#nextWrite++;
    this.#done[index] = true;
    this.#path.push(entry);
    const isFound = this.#explore(next, first);
    this.#path.pop();
    this.#done[index] = false;
    if (hasPlace(entry)) this.#nextWrite--;
    if (entry.call === undefined) this.#lossesLeft++;
    return isFound;
  }

  /** What may come next: whatever began before anything that is not done had ended. The likely ones first. */
  #candidates(first: number): number[] {
    let limit = Number.POSITIVE_INFINITY;
    const found: number[] = [];
    for (let index = 0; index < this.#entries.length; index++) {
      const entry = this.#entries[index]!;
      if (index >= first && entry.from > limit) break;
      if (this.#done[index]) continue;
      if (!hasPlace(entry) || entry === this.#writes[this.#nextWrite]) found.push(index);
      if (entry.until < limit) limit = entry.until;
    }
    return found
      .filter((index) => this.#entries[index]!.from <= limit)
      .sort((a, b) => byLikelihood(this.#entries[a]!, this.#entries[b]!));
  }

  #fitsAsRead(state: DocumentState, { call, isRead }: Entry): boolean {
    return isRead && afterCall(state, call!, this.#moves) === state;
  }

  /** A read that would not have fitted otherwise shows that the last write has happened. */
  #afterRead(position: Position, { call }: Entry): Position {
    const { otherwise } = position;
    if (otherwise === undefined || afterCall(otherwise, call!, this.#moves) !== undefined) return position;
    return { ...position, otherwise: undefined };
  }

  #successors(position: Position, entry: Entry): Position[] {
    const { state, earlier } = position;
    const { call } = entry;
    if (call === undefined) return afterLoss(position);
    const next = afterCall(state, call, this.#moves);
    if (next === undefined) return [];
    const isCertainlyDurable = call.durable === true && call.outcome?.ok === true;
    if (this.#lossesLeft > 0 && !isCertainlyDurable) {
      const isVersion = isWrite(call) || call.kind === 'touch';
      return [{ state: next, otherwise: undefined, earlier: isVersion ? [...earlier, state] : earlier }];
    }
    if (this.#isNeedless(position, entry, next)) return [];
    // One that opens a lock has shown its worth by that.
    const isUnseen = entry.isOptional && isWrite(call) && state.lock === undefined;
    return [{ state: next, otherwise: isUnseen ? state : undefined, earlier: [] }];
  }

  /** Whether leaving out this write, or the one before it, leads to the same. */
  #isNeedless({ state, otherwise }: Position, { call, isOptional }: Entry, next: DocumentState): boolean {
    if (otherwise !== undefined && isWrite(call!)) {
      const same = afterCall(otherwise, call!, this.#moves);
      if (same !== undefined && stateId(same) === stateId(next)) return true;
    }
    return isOptional && isWrite(call!) && this.#observed.isNeedless(state, next, call!, this.#nextCount);
  }

  /** The counter that the next certain write finds, if that is one. */
  get #nextCount(): bigint | undefined {
    const call = this.#writes[this.#nextWrite]?.call;
    if (call?.kind !== 'counter' || call.outcome?.ok !== true) return undefined;
    return BigInt(call.outcome.value!) - BigInt(call.argument!);
  }

  #idOf({ state, otherwise, earlier }: Position, first: number): string {
    let done = `${first}`;
    for (let index = 0; index < this.#entries.length; index++) {
      const isDone = this.#done[index]!;
      // Before `first` only those matter that may be left out, and after it those that are done.
      if (index < first ? this.#entries[index]!.isOptional && isDone : isDone) done += `,${index}`;
    }
    return [done, otherwise === undefined ? '' : stateId(otherwise), stateId(state), ...earlier.map(stateId)].join(
      '\x01',
    );
  }

  #note({ state }: Position, candidates: readonly number[]): void {
    const required = this.#path.filter(({ isOptional }) => !isOptional).length;
    if (required <= this.#bestDone) return;
    this.#bestDone = required;
    this.#account = [
      ...this.#path.slice(-12).map((entry) => `  then ${describeEntry(entry)}`),
      `  so that the document is ${JSON.stringify(state.value)} cas=${state.cas} lock=${state.lock?.cas}`,
      ...candidates.map((index) => `  but not ${describeEntry(this.#entries[index]!)}`),
    ];
  }
}

/** Any version since the last durable one, the newest first. */
function afterLoss({ state, earlier }: Position): Position[] {
  const versions = [...earlier, state];
  return versions
    .map((version, index) => ({
      state: { ...version, lock: undefined },
      otherwise: undefined,
      earlier: versions.slice(0, index),
    }))
    .reverse();
}

function entryOf(call: Call): Entry {
  const { outcome, invokedAt, settledAt, kind } = call;
  const isCertain = outcome !== undefined && (outcome.ok || !outcome.ambiguous);
  return {
    call,
    from: invokedAt,
    until: isCertain ? settledAt! : Number.POSITIVE_INFINITY,
    isOptional: !isCertain,
    isRead: kind === 'get' || kind === 'lookup' || !mayHaveEffect(call),
  };
}

/** Reads first, then writes, by their CAS where it is known; last what may not have happened. */
function byLikelihood(a: Entry, b: Entry): number {
  return rankOf(a) - rankOf(b) || byCas(a, b);
}

function rankOf({ call, isOptional, isRead }: Entry): number {
  if (isOptional) return 2;
  return isRead || call === undefined ? 0 : 1;
}

function byCas(a: Entry, b: Entry): number {
  const one = casOf(a);
  const other = casOf(b);
  return one < other ? -1 : Number(one > other);
}

function casOf({ call }: Entry): bigint {
  return call?.outcome?.ok === true ? (call.outcome.cas ?? 0n) : 0n;
}

/** Whether its CAS says where it belongs among the others. */
function hasPlace({ call, isOptional, isRead }: Entry): boolean {
  if (call === undefined || isOptional || isRead || !isWrite(call)) return false;
  return call.outcome?.ok === true && call.outcome.cas !== undefined;
}

function describeEntry({ call, from, until }: Entry): string {
  if (call === undefined) return `a failover that may have lost what was not durable, at ${from / 1000} ms`;
  const to = until === Number.POSITIVE_INFINITY ? 'any time later' : `${until / 1000} ms`;
  return `${describeCall(call)} (${from / 1000} ms to ${to}) ${describeOutcome(call.outcome)}`;
}
