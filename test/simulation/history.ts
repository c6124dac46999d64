/** What an operation of a workload does; `lookup` and `mutate` are its sub-document reads and writes. */
export type CallKind =
  | 'get'
  | 'upsert'
  | 'insert'
  | 'replace'
  | 'remove'
  | 'counter'
  | 'append'
  | 'touch'
  | 'lock'
  | 'unlock'
  | 'lookup'
  | 'mutate';

/** How a call ended. */
export type Outcome =
  | { readonly ok: true; readonly value?: string; readonly cas?: bigint }
  | { readonly ok: false; readonly code: string; readonly ambiguous: boolean; readonly message: string };

/** What is asked for. */
export interface Asked {
  readonly client: string;
  readonly key: string;
  readonly kind: CallKind;
  /** The value stored, the text appended, or the number added. */
  readonly argument?: string;
  /** Happens only if the document has this CAS. */
  readonly cas?: bigint;
  /** A counter that does not exist begins with it. */
  readonly initial?: string;
  /** Of a lock. */
  readonly lockMs?: number;
  /** Acknowledged only when a majority of the copies have it. */
  readonly durable?: boolean;
  readonly timeoutMs: number;
}

/** One call of an application, from its beginning to its end. Times are microseconds. */
export interface Call extends Asked {
  /** In the order of the calls. */
  readonly id: number;
  readonly invokedAt: number;
  settledAt: number | undefined;
  outcome: Outcome | undefined;
  /** How often its handlers were called. */
  settlements: number;
  /** A handler was called from inside the call itself. */
  isReentrant: boolean;
  /** When it settled, since when its client had bytes that it had not read. */
  unreadSince: number | undefined;
}

/** All calls of a run, as the applications saw them. */
export class History {
  readonly calls: Call[] = [];
  readonly #now: () => number;
  readonly #onTrace: ((line: string) => void) | undefined;
  readonly #unreadSince: (client: string) => number | undefined;
  #lastId = 0;

  /** @param unreadSince tells since when a client has bytes that it has not read */
  constructor(
    now: () => number,
    onTrace?: (line: string) => void,
    unreadSince: (client: string) => number | undefined = () => undefined,
  ) {
    this.#now = now;
    this.#onTrace = onTrace;
    this.#unreadSince = unreadSince;
  }

  begin(asked: Asked): Call {
    const call: Call = {
      ...asked,
      id: ++this.#lastId,
      invokedAt: this.#now(),
      settledAt: undefined,
      outcome: undefined,
      settlements: 0,
      isReentrant: false,
      unreadSince: undefined,
    };
    this.calls.push(call);
    this.#onTrace?.(describeCall(call));
    return call;
  }

  settle(call: Call, outcome: Outcome): void {
    call.settlements++;
    if (call.settlements === 1) {
      call.settledAt = this.#now();
      call.outcome = outcome;
      call.unreadSince = this.#unreadSince(call.client);
    }
    this.#onTrace?.(`${call.client} call ${call.id} ${describeOutcome(outcome)}`);
  }

  /** Takes out the calls so far; what is not settled yet stays. */
  take(): Call[] {
    const taken = this.calls.splice(0);
    this.calls.push(...taken.filter((call) => call.settlements === 0));
    return taken;
  }
}

export function describeCall(call: Call): string {
  const { client, id, kind, key, argument, cas, durable } = call;
  const value = argument === undefined ? '' : ` ${JSON.stringify(shortened(argument))}`;
  return `${client} call ${id} ${kind} ${key}${value}${cas === undefined ? '' : ` cas=${cas}`}${durable ? ' durable' : ''}`;
}

export function describeOutcome(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'is not settled';
  if (!outcome.ok) return `fails${outcome.ambiguous ? ' ambiguously' : ''}: ${outcome.message}`;
  const value = outcome.value === undefined ? '' : ` ${JSON.stringify(shortened(outcome.value))}`;
  return `succeeds${value}${outcome.cas === undefined ? '' : ` cas=${outcome.cas}`}`;
}

function shortened(text: string): string {
  return text.length > 60 ? `…${text.slice(-60)}` : text;
}
