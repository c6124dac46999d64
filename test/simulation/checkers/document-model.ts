import type { Call, CallKind } from '../history.js';

/** A document as its history makes it. */
export interface DocumentState {
  /** Undefined when there is no document. */
  readonly value: string | undefined;
  /** Undefined while nobody has seen it. */
  readonly cas: bigint | undefined;
  readonly lock: Lock | undefined;
}

interface Lock {
  readonly cas: bigint;
  /** Microseconds: it was not there before the one, and it may be gone after the other. */
  readonly from: number;
  readonly until: number;
}

export const NO_DOCUMENT: DocumentState = { value: undefined, cas: undefined, lock: undefined };

/** Times in which vbuckets may move, and lose their locks; microseconds. */
export type Moves = readonly { readonly from: number; readonly to: number }[];

const WRITES: ReadonlySet<CallKind> = new Set(['upsert', 'insert', 'replace', 'remove', 'counter', 'append', 'mutate']);

/** Refusals that say something about the document; `not_stored` is how an append says that there is none. */
const TELLING: ReadonlySet<string> = new Set(['not_found', 'not_stored']);
const EXISTING: ReadonlySet<string> = new Set(['key_exists', 'document_exists', 'cas_mismatch']);

/** Whether the call was refused for what the document is. That an unlock has another CAS than the lock says nothing of it. */
export function isRefusedByState({ kind, outcome }: Call): boolean {
  return kind !== 'unlock' && outcome?.ok === false && EXISTING.has(outcome.code);
}

/** Whether it makes another version of the document. */
export function isWrite({ kind }: Call): boolean {
  return WRITES.has(kind);
}

/** Whether it may have changed the document. */
export function mayHaveEffect(call: Call): boolean {
  const { outcome, kind } = call;
  if (outcome?.ok === true) return true;
  return (outcome === undefined || outcome.ambiguous) && kind !== 'get' && kind !== 'lookup' && kind !== 'lock';
}

/** Whether its outcome says something about the document: failures of the way there do not. */
export function isTelling(call: Call): boolean {
  const { outcome } = call;
  if (mayHaveEffect(call)) return true;
  return outcome !== undefined && !outcome.ok && (TELLING.has(outcome.code) || isRefusedByState(call));
}

/** The document after the call took effect and had its outcome; undefined when that cannot be. */
export function afterCall(state: DocumentState, call: Call, moves: Moves): DocumentState | undefined {
  const { outcome } = call;
  if (outcome?.ok === true) return afterSuccess(state, call, outcome, moves);
  if (outcome === undefined || outcome.ambiguous) return afterEffect(state, call, undefined);
  return isRefusable(state, call, outcome.code) ? state : undefined;
}

function afterSuccess(
  state: DocumentState,
  call: Call,
  { value, cas }: { readonly value?: string; readonly cas?: bigint },
  moves: Moves,
): DocumentState | undefined {
  const { kind } = call;
  if (kind === 'get' || kind === 'lookup') return read(state, value, cas);
  if (kind === 'lock') {
    const isFree = !isSurelyLocked(state, call, moves) && state.value !== undefined && state.value === value;
    if (!isFree || cas === undefined) return undefined;
    return { ...state, lock: { cas, from: call.invokedAt, until: call.invokedAt + call.lockMs! * 1000 } };
  }
  if (kind === 'unlock') return state.lock?.cas === call.cas ? { ...state, lock: undefined } : undefined;
  if (isSurelyLocked(state, call, moves)) return undefined;
  const after = afterEffect(state, call, cas);
  return kind === 'counter' && after?.value !== value ? undefined : after;
}

function read(state: DocumentState, value: string | undefined, cas: bigint | undefined): DocumentState | undefined {
  if (state.value === undefined || state.value !== value) return undefined;
  if (cas === undefined || state.cas === cas) return state;
  return state.cas === undefined ? { ...state, cas } : undefined;
}

/** What the call does to a document that lets it. */
function afterEffect(state: DocumentState, call: Call, cas: bigint | undefined): DocumentState | undefined {
  const { kind, argument } = call;
  if (call.cas !== undefined && kind !== 'unlock' && !fitsCas(state, call.cas)) return undefined;
  const exists = state.value !== undefined;
  const written = (value: string): DocumentState => ({ value, cas, lock: undefined });
  switch (kind) {
    case 'upsert':
      return written(argument!);
    case 'insert':
      return exists ? undefined : written(argument!);
    case 'replace':
    case 'mutate':
      return exists ? written(argument!) : undefined;
    case 'remove':
      return exists ? NO_DOCUMENT : undefined;
    case 'append':
      return exists ? written(state.value + argument!) : undefined;
    case 'counter':
      return written(exists ? String(BigInt(state.value) + BigInt(argument!)) : call.initial!);
    case 'touch':
      return exists ? { ...state, cas } : undefined;
    case 'unlock':
      return state.lock?.cas === call.cas ? { ...state, lock: undefined } : undefined;
    default:
      return state;
  }
}

function fitsCas({ value, cas, lock }: DocumentState, asked: bigint): boolean {
  return value !== undefined && (cas === undefined || cas === asked || lock?.cas === asked);
}

/** Whether the server may refuse so. */
function isRefusable(state: DocumentState, call: Call, code: string): boolean {
  if (!EXISTING.has(code)) return state.value === undefined;
  if (state.value === undefined) return false;
  return call.cas === undefined || state.cas === undefined || state.cas !== call.cas;
}

/** Locks end when their time is up, and when their vbucket moves. */
function isSurelyLocked({ lock }: DocumentState, call: Call, moves: Moves): boolean {
  if (lock === undefined || call.cas === lock.cas || call.settledAt === undefined) return false;
  const { settledAt } = call;
  return settledAt < lock.until && !moves.some(({ from, to }) => to >= lock.from && from <= settledAt);
}

/** The same text for the same state. */
export function stateId({ value, cas, lock }: DocumentState): string {
  return `${value ?? ''}\0${value === undefined ? '' : (cas ?? '')}\0${lock?.cas ?? ''}`;
}
