import type { EventLoop, SeededRandom } from '@cb/raw/simulation';
import type { Fault } from './faults.js';
import { CLUSTER_PROCESS, type World } from './world.js';

/** Processes whose event loops do not turn for a while, again and again. */
export const BUSY_KINDS = ['busy-client', 'busy-cluster'] as const;

/** How long one turn may take, in milliseconds, and how many of them there may be in a row. */
const TURNS = [
  { turnMs: 60, turnsMax: 50 },
  { turnMs: 500, turnsMax: 6 },
  { turnMs: 5000, turnsMax: 1 },
] as const;

/** Milliseconds from one look at whether a loop is still busy to the next. */
const LOOK_MS = 10;

export function isBusyKind(kind: string): boolean {
  return BUSY_KINDS.some((one) => one === kind);
}

/** Chooses those of one episode, out of random numbers of their own; `amountMs` is how long a turn takes. */
export function planBusyLoops(
  random: SeededRandom,
  lengthMs: number,
  clients: number,
  kinds: readonly string[],
): Fault[] {
  const among = BUSY_KINDS.filter((kind) => kinds.includes(kind));
  const count = among.length === 0 ? 0 : random.between(0, 2);
  return Array.from({ length: count }, (): Fault => {
    const { turnMs, turnsMax } = random.pick(TURNS);
    return {
      kind: random.pick(among),
      atMs: random.between(0, lengthMs),
      lastsMs: turnMs * random.between(1, turnsMax),
      node: random.between(0, 1),
      client: random.between(0, clients - 1),
      amountMs: turnMs,
      opcode: 'Noop',
    };
  });
}

/** Keeps event loops busy, and ends that. */
export class BusyLoops {
  readonly #world: World;
  #isCalm = true;
  readonly #busy = new Set<EventLoop>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Begins each at its time. */
  begin(faults: readonly Fault[]): void {
    this.#isCalm = false;
    for (const fault of faults) {
      this.#world.network.schedule.after(fault.atMs * 1000, () => {
        if (!this.#isCalm) this.#keepBusy(fault);
      });
    }
  }

  /** Begins nothing more; resolves when the last turn has ended. */
  async calm(): Promise<void> {
    this.#isCalm = true;
    for (const loop of this.#busy) {
      loop.stop();
      while (loop.isBusy) await this.#world.run(LOOK_MS);
    }
    this.#busy.clear();
  }

  #keepBusy({ kind, client, node, amountMs, lastsMs }: Fault): void {
    const { network } = this.#world;
    const process = kind === 'busy-client' ? `client-${client}` : CLUSTER_PROCESS;
    const phase = node === 0 ? 'end' : 'check';
    this.#world.trace(`${process} is busy for ${lastsMs} ms, in turns of ${amountMs} ms, at the ${phase} of each`);
    const loop = network.loopOf(process);
    loop.keepBusy(amountMs * 1000, lastsMs / amountMs, phase);
    this.#busy.add(loop);
  }
}
