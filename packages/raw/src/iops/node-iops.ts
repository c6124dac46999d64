import { clearImmediate, clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { makeSharedMemoryWith } from '@cb/protocol/internal';
import { EventAction } from './constants.js';
import { deriveKey } from './derive-key.js';
import type { IOEvent, TimerEvent } from './event.js';
import type { IOPS, IOSocket, KeyDerivation, SocketTarget, SrvTarget, TlsTarget } from './iops.js';
import { NodeSocket } from './node-socket.js';
import { checkTlsTarget } from './tls-files.js';
import { monotonicMs } from './turns.js';
import { untransferableMemory } from './untransferable-memory.js';

/** Maximum delay of a timer, in milliseconds; Node fires longer ones at once. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;
/** Milliseconds that a name server may take; a second one is asked then. */
const DNS_TIMEOUT_MS = 500;

/** IOPS over the event loop of Node (and of what imitates it: Bun, Deno). The default. */
export class NodeIOPS implements IOPS {
  /** The timers that are armed, and what disarms them. */
  readonly #timers = new Map<TimerEvent, () => void>();

  constructor() {
    makeSharedMemoryWith(untransferableMemory);
  }

  updateEvent(event: IOEvent, action: EventAction, flags: number): void {
    const socket = event.socket as NodeSocket | undefined;
    if (action === EventAction.Watch) {
      socket?.watch(flags);
    } else {
      socket?.watch(0);
      if (action === EventAction.Cleanup) event.socket = undefined;
    }
  }

  updateTimer(timer: TimerEvent, action: EventAction, usecs: number): void {
    this.#timers.get(timer)?.();
    this.#timers.delete(timer);
    if (action !== EventAction.Watch) return;
    this.#arm(timer, Math.ceil(usecs / 1000));
  }

  /** The loop runs by itself. */
  startWatching(): void {}

  stopWatching(): void {}

  openSocket(event: IOEvent, target: SocketTarget): IOSocket {
    const socket = new NodeSocket(event, target);
    event.socket = socket;
    return socket;
  }

  checkTls(target: TlsTarget): void {
    checkTlsTarget(target);
  }

  resolveSrv(name: string, resolved: (targets: readonly SrvTarget[]) => void): void {
    const { Resolver } = process.getBuiltinModule('node:dns');
    new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 1 }).resolveSrv(name, (error, records) => {
      resolved(error === null ? records.map(({ name: host, port }) => ({ host, port })) : []);
    });
  }

  deriveKey(asked: KeyDerivation, derived: (error: Error | null, key: Uint8Array) => void): void {
    deriveKey(asked, derived);
  }

  now(): number {
    return monotonicMs() * 1000;
  }

  randomBytes(count: number): Buffer {
    return process.getBuiltinModule('node:crypto').randomBytes(count);
  }

  #arm(timer: TimerEvent, ms: number): void {
    const fire = (): void => {
      this.#timers.delete(timer);
      if (ms > TIMEOUT_MS_MAX) this.#arm(timer, ms - TIMEOUT_MS_MAX);
      else timer.ready(0);
    };
    if (ms === 0) {
      // It comes after the sockets had their turn; a timeout may come before.
      const immediate = setImmediate(fire);
      if (!timer.keepsAlive) immediate.unref();
      this.#timers.set(timer, () => clearImmediate(immediate));
    } else {
      const timeout = setTimeout(fire, Math.min(ms, TIMEOUT_MS_MAX));
      if (!timer.keepsAlive) timeout.unref();
      this.#timers.set(timer, () => clearTimeout(timeout));
    }
  }
}
