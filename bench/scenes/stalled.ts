import { fileURLToPath } from 'node:url';
import { startClusterProgram } from '../src/servers/embedded.js';
import { spreadOf } from '../src/statistics.js';
import { runProgram } from './program.js';
import { rowsOfBytes } from './rows.js';
import { startRowsServer } from './rows-server.js';
import type { Rounds, SceneOptions, SceneResult } from './scene.js';
import type { Phase, StalledArgs, StalledLap } from './stalled-program.js';
import type { UnreadRowsArgs, UnreadRowsLap } from './unread-rows-program.js';

/** What others than the disturbed did, as a share of what they did before, and what it took. */
export interface StalledResult extends SceneResult {
  /** The most that the client's process grew in that time, in megabytes. */
  readonly grownMb: Rounds;
  /** The longest time without any answer from the others, in milliseconds. */
  readonly silentMs: Rounds;
  /** Operations that the client did not take. */
  readonly refused: Rounds;
}

const SERVER = fileURLToPath(new URL('./stalled-server-program.js', import.meta.url));

/** The limits of the full size are the defaults. */
const SIZES = {
  full: { phaseMs: 1500, timeoutMs: 2500, queueMax: 250_000, viewBytes: 1024 * 2 ** 20 },
  quick: { phaseMs: 150, timeoutMs: 500, queueMax: 2000, viewBytes: 64 * 2 ** 20 },
};

const VALUE_BYTES = 10_000;

/** What happens to a node, and what is offered to it in that time. */
const DISTURBANCES = {
  'stalled node': { how: 'stalls', valueBytes: undefined },
  'slow node': { how: 'trickles', valueBytes: VALUE_BYTES },
} as const;

type Disturbance = keyof typeof DISTURBANCES;

const PHASES_MEANWHILE: readonly Exclude<Phase, 'before'>[] = ['idle', 'filling', 'full', 'failing'];

/**
 * Whether a node that stalls, one that reads slowly, and a reader that does not read hold up others of the same client, and
 * how much they make it grow.
 */
export async function stalled({ rounds, quick, progress }: SceneOptions): Promise<StalledResult> {
  const { viewBytes, ...size } = quick ? SIZES.quick : SIZES.full;
  const laps = new Map<Disturbance, StalledLap[]>([
    ['stalled node', []],
    ['slow node', []],
  ]);
  const unread: UnreadRowsLap[] = [];
  progress('others, while a node stalls, reads slowly, or rows are not read');
  for (let round = 0; round < rounds; round++) {
    for (const [disturbance, list] of laps) list.push(await disturbed(disturbance, size));
    unread.push(await unreadRows(viewBytes, size.phaseMs));
  }
  const each = (pick: (lap: StalledLap) => number, unreadOf?: (lap: UnreadRowsLap) => number): Rounds => ({
    ...Object.fromEntries([...laps].map(([disturbance, list]) => [disturbance, list.map(pick)])),
    ...(unreadOf === undefined ? {} : { 'unread rows': unread.map(unreadOf) }),
  });
  const rates = [...laps].flatMap(([disturbance, list]) =>
    PHASES_MEANWHILE.map((phase): [string, number[]] => [
      `${disturbance}: ${phase}`,
      list.map((lap) => lap.rates[phase] / lap.rates.before),
    ]),
  );
  return {
    unit: 'of the throughput before',
    rounds: { ...Object.fromEntries(rates), 'unread rows': unread.map(({ before, during }) => during / before) },
    grownMb: each(
      (lap) => lap.grownMb,
      (lap) => lap.grownMb,
    ),
    silentMs: each((lap) => lap.silentMs),
    refused: each((lap) => lap.refused),
    notes: notesOf(laps, size),
  };
}

async function disturbed(
  disturbance: Disturbance,
  size: Pick<StalledArgs, 'phaseMs' | 'timeoutMs' | 'queueMax'>,
): Promise<StalledLap> {
  const { how, valueBytes } = DISTURBANCES[disturbance];
  await using server = await startClusterProgram([SERVER, how]);
  const args: StalledArgs = { server: server.address, pid: server.pid, valueBytes, ...size };
  return await runProgram<StalledLap>('stalled-program', args);
}

async function unreadRows(viewBytes: number, phaseMs: number): Promise<UnreadRowsLap> {
  await using server = await startRowsServer();
  const args: UnreadRowsArgs = { server: server.address, rows: rowsOfBytes(viewBytes), phaseMs };
  return await runProgram<UnreadRowsLap>('unread-rows-program', args);
}

function notesOf(laps: ReadonlyMap<Disturbance, readonly StalledLap[]>, size: { readonly queueMax: number }): string[] {
  const counts = [...laps].map(([disturbance, list]) => {
    const median = (pick: (lap: StalledLap) => number): number => Math.round(spreadOf(list.map(pick)).median);
    const [offered, refused] = [median((lap) => lap.offered), median((lap) => lap.refused)];
    const [silent, grown] = [median((lap) => lap.silentMs), median((lap) => lap.grownMb)];
    return `${disturbance}: ${offered} operations offered, ${refused} refused; the others were never without an answer for more than ${silent} ms; the process grew by ${grown} MB.`;
  });
  return [
    'Others are 256 gets of 1 KB in flight at three nodes of four, in the same client. Once the fourth node stalls, nothing is offered to it for a while (idle), then gets, or upserts of 10 KB to the one that reads slowly, 64 in each turn of the event loop, until one is refused (filling), and after that as many as `drained` has room for (full, and failing from the first deadline on).',
    'While the queue fills, the application itself takes its share of the one thread for calling; while operations fail, their errors and the collection of what they leave behind do. 1,000 for each node fail at a time.',
    `What a node is sent and has waiting is bounded: 4 MiB unsent, 131,072 operations or 64 MiB of values unanswered, ${size.queueMax} operations or 256 MiB of values queued. The memory of a process grows by more than it needs, as garbage is collected late.`,
    ...counts,
    'unread rows: a view is queried in a bucket with 256 gets in flight, and only its first row is taken. The socket is not read in that time.',
  ];
}
