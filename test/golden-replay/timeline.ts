import { Opcode } from '@cb/protocol';
import type { GoldenExchange } from '../data/golden.js';

/** The high 16 bits of the CAS values that the recording server took from its clock. */
const RECORDED_CAS_PREFIX = 0x18e9n;

/** Time enough for the test bed to persist what was written before. */
const PERSISTENCE_NS = 1_000_000n;

/**
 * When each exchange was recorded, in milliseconds since the epoch. A CAS tells the time of its mutation, so an exchange
 * that made one is dated exactly. One that shows none new is as late as the next that does when the recorder waited
 * in between, which the names of its exchanges tell, or when the next only looks at what this one, whose answer is held
 * out, has written; else as late as the one before.
 */
export class Timeline {
  readonly #times: number[] = [];

  constructor(exchanges: readonly GoldenExchange[]) {
    const dated = exchanges.map(newestCas);
    let now = dated.find((cas) => cas !== undefined)!;
    for (const [index, exchange] of exchanges.entries()) {
      const own = dated[index];
      if (own !== undefined && own > now) now = own;
      else if (isAfterWait(exchange.name) || (exchange.heldOut && shows(exchanges[index + 1], dated[index + 1], now)))
        now = dated.slice(index).find((cas) => cas !== undefined && cas > now) ?? now;
      if (seesPersisted(exchange)) now += PERSISTENCE_NS;
      this.#times.push(Number((now + 999n) / 1000n) / 1000);
    }
  }

  timeOf(index: number): number {
    return this.#times[index]!;
  }

  get startMs(): number {
    return this.#times[0]!;
  }
}

/** Whether the recorder let time pass before the exchange: until an expiry, a lock's end, or a timeout. */
function isAfterWait(name: string): boolean {
  return /after (lock )?expiry|times out|observe later/.test(name);
}

/** Whether an OBSERVE found a document that the recording server had written to disk by then. */
function seesPersisted({ request, responses = [] }: GoldenExchange): boolean {
  const value = Buffer.from(responses[0] ?? '', 'hex').subarray(24);
  if (Number.parseInt(request.slice(2, 4), 16) !== Opcode.Observe || value.length < 4) return false;
  return value[4 + value.readUInt16BE(2)] === 1;
}

/** Whether the exchange looks at a document and finds it changed since. */
function shows(exchange: GoldenExchange | undefined, cas: bigint | undefined, since: bigint): boolean {
  const opcode = Number.parseInt(exchange?.request.slice(2, 4) ?? '', 16);
  return (opcode === Opcode.Get || opcode === Opcode.GetMeta) && cas !== undefined && cas > since;
}

function newestCas({ responses = [] }: GoldenExchange): bigint | undefined {
  let newest: bigint | undefined;
  for (const hex of responses) {
    if (hex.length < 48) continue;
    const cas = BigInt(`0x${hex.slice(32, 48)}`);
    if (cas >> 48n === RECORDED_CAS_PREFIX && (newest === undefined || cas > newest)) newest = cas;
  }
  return newest;
}
