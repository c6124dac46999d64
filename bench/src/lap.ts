import type { Latencies } from './latencies.js';
import { expectedSum, type Load } from './load.js';

/** A lap of operations with callbacks: each one that is done begins the next. */
export class CallbackLap {
  readonly #load: Load;
  readonly #latencies: Latencies;
  readonly #begin: (index: number) => void;
  #resolve!: () => void;
  #reject!: (error: Error) => void;
  #begun = 0;
  #done = 0;
  #sum = 0;

  /** `begin` starts one operation, which ends by calling `done` or `failed`. */
  constructor(load: Load, latencies: Latencies, begin: (index: number) => void) {
    this.#load = load;
    this.#latencies = latencies;
    this.#begin = begin;
  }

  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      const { inFlight, operations } = this.#load;
      for (let count = Math.min(inFlight, operations); count > 0; count--) this.#beginNext();
    });
  }

  /** One operation succeeded; `consumed` is what its result adds to the sum. */
  done(consumed: number): void {
    this.#latencies.end();
    this.#sum += consumed;
    this.#done++;
    const { operations } = this.#load;
    if (this.#begun < operations) this.#beginNext();
    else if (this.#done === operations) this.#finish();
  }

  failed(error: Error): void {
    this.#reject(error);
  }

  #beginNext(): void {
    this.#latencies.begin();
    this.#begin(this.#begun++);
  }

  #finish(): void {
    try {
      checkSum(this.#load, this.#sum);
      this.#resolve();
    } catch (error) {
      this.#reject(error as Error);
    }
  }
}

/** A lap of operations with Promises: as many loops as are to be in flight, each awaiting one operation at a time. */
export async function promiseLap<R>(
  load: Load,
  latencies: Latencies,
  begin: (index: number) => Promise<R>,
  consume: (result: R) => number,
): Promise<void> {
  const { operations, inFlight } = load;
  let begun = 0;
  let sum = 0;
  const loop = async (): Promise<void> => {
    while (begun < operations) {
      latencies.begin();
      const result = await begin(begun++);
      latencies.end();
      sum += consume(result);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  checkSum(load, sum);
}

/** A lap of calls with many keys each: `get` resolves with what the results of these add up to. */
export async function multiLap(
  load: Load,
  latencies: Latencies,
  get: (first: number, count: number) => Promise<number>,
): Promise<void> {
  const { operations, inFlight } = load;
  let sum = 0;
  for (let first = 0; first < operations; first += inFlight) {
    latencies.begin();
    sum += await get(first, Math.min(inFlight, operations - first));
    latencies.end();
  }
  checkSum(load, sum);
}

function checkSum(load: Load, sum: number): void {
  const expected = expectedSum(load);
  if (sum !== expected) throw new Error(`the results of ${load.operation} add up to ${sum} instead of ${expected}`);
}
