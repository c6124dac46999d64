import { performance } from 'node:perf_hooks';
import type { IOPS, SocketTarget } from '../iops/iops.js';
import type { ConformanceCase, ConformanceHarness, Peer, PeerListener } from './harness.js';
import { SocketProbe } from './socket-probe.js';
import { TimerProbe } from './timer-probe.js';

const UNREAD_BYTES_MAX = 32 * 1024 * 1024;
const PATIENCE_MS = 10_000;
/** Milliseconds without an event after which none is expected any more. */
const QUIET_MS = 25;
const STEP_MS_MAX = 20;

/** Both ends of a connection. */
export interface Connected {
  readonly probe: SocketProbe;
  readonly peer: Peer;
}

/**
 * Where one case is carried out. It watches over what holds at all times, whatever the case is about: nothing is
 * delivered inside a call, nothing that is not watched for, and nothing twice for one watch.
 */
export class Bench {
  readonly iops: IOPS;
  readonly unreadBytesMax: number;
  readonly #harness: ConformanceHarness;
  readonly #patienceMs: number;
  readonly #listeners: PeerListener[] = [];
  readonly #sockets: SocketProbe[] = [];
  readonly #timers: TimerProbe[] = [];
  #call: string | undefined = undefined;
  #breach: Error | undefined = undefined;

  constructor(harness: ConformanceHarness) {
    this.#harness = harness;
    this.iops = harness.iops;
    this.unreadBytesMax = harness.unreadBytesMax ?? UNREAD_BYTES_MAX;
    this.#patienceMs = harness.patienceMs ?? PATIENCE_MS;
    this.iops.startWatching();
  }

  /** Makes a call into the IOPS; what is delivered before it returns is a breach. */
  call<T>(name: string, action: () => T): T {
    this.#call = name;
    try {
      return action();
    } finally {
      this.#call = undefined;
    }
  }

  /** Runs a handler's reaction to a delivery. What it throws fails the case, not the IOPS. */
  delivery(what: string, reaction: () => void): void {
    if (this.#call !== undefined) this.breach(`${what} was delivered inside ${this.#call}`);
    try {
      reaction();
    } catch (error) {
      this.#breach ??= error as Error;
    }
  }

  /** Notes that the contract was broken; the first time counts. */
  breach(message: string): void {
    this.#breach ??= new Error(message);
  }

  /** Throws what `breach` noted. */
  verify(): void {
    if (this.#breach !== undefined) throw this.#breach;
  }

  async listen(): Promise<PeerListener> {
    const listener = await this.outcome(this.#harness.listen(), 'the harness listens');
    this.#listeners.push(listener);
    return listener;
  }

  /** Begins to connect; nothing is watched yet. */
  open(target: SocketTarget): SocketProbe {
    const probe = new SocketProbe(this, target);
    this.#sockets.push(probe);
    return probe;
  }

  /** A connection to a peer, with nothing watched, and all deliveries forgotten. */
  async connect(changes: Partial<SocketTarget> = {}, listener?: PeerListener): Promise<Connected> {
    const { target, accepted } = listener ?? (await this.listen());
    const probe = this.open({ ...target, ...changes });
    await probe.writable();
    probe.deliveries.length = 0;
    return { probe, peer: await this.outcome(accepted(), 'the connection arrives at the peer') };
  }

  timer(): TimerProbe {
    const probe = new TimerProbe(this);
    this.#timers.push(probe);
    return probe;
  }

  /** Blocks the event loop for this time, if it is a real one: virtual time stands still. */
  keepBusy(ms: number): void {
    const end = performance.now() + ms;
    while (performance.now() < end);
  }

  /** Lets time pass until the condition holds. */
  async until(condition: () => boolean, what: string): Promise<void> {
    let waited = 0;
    for (let step = 1; !condition(); step = Math.min(step * 2, STEP_MS_MAX)) {
      this.verify();
      check(waited < this.#patienceMs, `not within ${this.#patienceMs} ms: ${what}`);
      await this.#harness.elapse(step);
      waited += step;
    }
    this.verify();
  }

  /** Lets time pass until the promise is settled, and passes its outcome on. */
  async outcome<T>(promise: Promise<T>, what: string): Promise<T> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    promise.then(settle, settle);
    await this.until(() => settled, what);
    return promise;
  }

  /** Lets enough time pass for anything that is going to happen. */
  async quiet(): Promise<void> {
    await this.#harness.elapse(QUIET_MS);
    this.verify();
  }

  async elapse(ms: number): Promise<void> {
    await this.#harness.elapse(ms);
    this.verify();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) timer.cleanup();
    for (const socket of this.#sockets) {
      socket.destroy();
      socket.cleanup();
    }
    this.iops.stopWatching();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }
}

/** Makes a case of what is to be done on a bench. */
export function conformanceCase(name: string, run: (bench: Bench) => Promise<void>): ConformanceCase {
  return {
    name,
    async run(harness) {
      const bench = new Bench(harness);
      try {
        await run(bench);
        bench.verify();
      } finally {
        await bench.close();
      }
    },
  };
}

/** Throws an error with the message unless the condition holds. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Throws unless the bytes are the expected ones, and says where they first differ. */
export function checkBytes(bytes: Buffer, expected: Buffer, what: string): void {
  if (bytes.equals(expected)) return;
  const at = expected.findIndex((byte, index) => bytes[index] !== byte);
  throw new Error(`${what}: ${bytes.length} bytes instead of ${expected.length}, first difference at ${at}`);
}

/** Bytes of which no aligned four come twice, so that loss, repetition and disorder show; `first` continues others. */
export function pattern(length: number, first = 0): Buffer {
  const { imul } = Math;
  const firstWord = first >>> 2;
  const words = new Uint32Array((length >>> 2) + 2);
  for (let index = 0; index < words.length; index++) words[index] = imul(firstWord + index, 0x9e3779b1);
  return Buffer.from(words.buffer, first & 3, length);
}
