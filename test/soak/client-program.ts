import { RawBucket } from '@cb/raw';
import { SeededRandom } from '@cb/raw/simulation';
import { History } from '../simulation/history.js';
import { Actor, keysOf, SHAPE } from '../simulation/workloads.js';
import { nowUsecs } from './now.js';

/** An application in a process of its own, which can be stopped and blocked. It does what the process that started it says. */

const ACTORS = 3;
/** A read is tried again so often, and after so long, until the cluster is whole again. */
const READ_PAUSE_MS = 100;

const history = new History(nowUsecs);
let bucket: RawBucket;
const actors: Actor[] = [];

interface Started {
  readonly connectionString: string;
  readonly username: string;
  readonly password: string;
  readonly seed: number;
}

const commands = {
  async start({ connectionString, username, password, seed }: Started): Promise<void> {
    bucket = new RawBucket(connectionString, { username, password });
    await settled(bucket.connect());
    for (let index = 0; index < ACTORS; index++) {
      const random = new SeededRandom(seed + index);
      const host = { random, after: (ms: number, action: () => void) => void setTimeout(action, ms) };
      actors.push(new Actor(`actor-${index}`, bucket, history, host, SHAPE));
    }
  },
  work(): void {
    for (const actor of actors) actor.start();
  },
  rest(): void {
    for (const actor of actors) actor.stop();
  },
  /** Lets nothing else happen for so long. */
  block(ms: number): void {
    const end = performance.now() + ms;
    while (performance.now() < end);
  },
  /** How many calls are not settled. */
  open: (): number => history.calls.filter(({ settlements }) => settlements === 0).length,
  /** Reads every key until it can be read, for so long; gives those that cannot. */
  async readAll(forMs: number): Promise<string[]> {
    const end = performance.now() + forMs;
    const failed = await Promise.all(keysOf(SHAPE).map((key) => readUntil(key, end)));
    return failed.filter((failure) => failure !== undefined);
  },
  take: () => history.take(),
  close: (): Promise<void> => settled(bucket.close()),
};

async function readUntil(key: string, end: number): Promise<string | undefined> {
  for (;;) {
    const call = actors[0]!.read(key);
    while (call.settlements === 0) await pause();
    const { outcome } = call;
    if (outcome?.ok === true || outcome?.code === 'not_found') return undefined;
    if (performance.now() > end) return `${key}: ${outcome?.message}`;
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, READ_PAUSE_MS));
}

function settled(result: ReturnType<RawBucket['connect']>): Promise<void> {
  return new Promise((resolve, reject) => {
    result.setCallbacks(
      () => resolve(),
      (_result, _class, error) => reject(error),
    );
  });
}

function tell(message: object): void {
  process.send?.(message, () => {});
}

// What nobody handles ends the process, and with it the soak.
process.on(
  'message',
  async ({ id, command, argument }: { id: number; command: keyof typeof commands; argument: never }) => {
    try {
      tell({ id, result: await commands[command](argument) });
    } catch (error) {
      tell({ id, error: (error as Error).stack });
    }
  },
);

process.on('disconnect', () => process.exit());
