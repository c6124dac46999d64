import type { TitledScene } from '../src/report.js';
import type { QueriesArgs, QueriesLap } from './queries-program.js';
import { QUERY_PACKAGES, type QuerySide } from './query-contenders.js';
import type { QueryServiceLap } from './query-service-program.js';
import { ENGINE_STATEMENTS, QUERY_WORKLOADS } from './query-workloads.js';
import type { SceneOptions } from './scene.js';
import { SideLaps } from './sides.js';

const SIZES = {
  full: { cities: 171_000, warmUps: 5, runs: 15 },
  quick: { cities: 2000, warmUps: 1, runs: 2 },
};

function isInstalled(name: string): boolean {
  try {
    return import.meta.resolve(name) !== '';
  } catch {
    return false;
  }
}

/** Engines whose packages are installed, and who is left out. */
function sidesOf(): { readonly sides: readonly QuerySide[]; readonly notes: readonly string[] } {
  const rivals = Object.entries(QUERY_PACKAGES) as [Exclude<QuerySide, 'sqlpp'>, string][];
  const missing = rivals.filter(([, name]) => !isInstalled(name));
  return {
    sides: ['sqlpp', ...rivals.filter((rival) => !missing.includes(rival)).map(([side]) => side)],
    notes: missing.map(([side, name]) => `The package ${name} is not installed: ${side} is left out.`),
  };
}

/** What statements take, in the process against other engines, and over HTTP. */
export async function queries(options: SceneOptions): Promise<TitledScene[]> {
  return [...(await inProcess(options)), ...(await overHttp(options))];
}

async function inProcess({ quick, rounds, progress }: SceneOptions): Promise<TitledScene[]> {
  const size = quick ? SIZES.quick : SIZES.full;
  const { sides, notes } = sidesOf();
  progress(`queries in the process, ${QUERY_WORKLOADS.length} of them`);
  const argsOf = (side: QuerySide): QueriesArgs => ({ side, ...size });
  const laps = await SideLaps.measure<QuerySide, QueriesLap>('queries-program', sides, rounds, argsOf);
  return QUERY_WORKLOADS.map(({ title, sqlpp }) => {
    const counts = new Set(Object.values(laps.rounds(({ rows }) => rows[title] ?? Number.NaN)).flat());
    if (counts.size !== 1) throw new Error(`${title}: the engines do not agree on ${[...counts].join(' or ')} rows`);
    return {
      title: `Query: ${title}`,
      unit: 'ms',
      rounds: laps.rounds(({ ms }) => ms[title] ?? Number.NaN),
      notes: [
        ...notes,
        `\`${sqlpp}\`, from its text to its ${[...counts][0]} rows; for mingo from stages. SQLite, in WebAssembly, has the documents as JSON text.`,
      ],
    };
  });
}

async function overHttp({ quick, rounds, progress }: SceneOptions): Promise<TitledScene[]> {
  const { cities, runs } = quick ? SIZES.quick : SIZES.full;
  progress('queries over HTTP');
  const laps = await SideLaps.measure<'service', QueryServiceLap>('query-service-program', ['service'], rounds, () => ({
    cities,
    runs,
  }));
  const of = (pick: (lap: QueryServiceLap) => number): readonly number[] => laps.rounds(pick)['service'] ?? [];
  return [
    {
      title: 'Statements that the real engine was measured with, over HTTP',
      unit: 'ms',
      rounds: Object.fromEntries(
        Object.entries(ENGINE_STATEMENTS).map(([title, [ms]]) => [
          `${title} (the engine: ${ms})`,
          of((lap) => lap.ms[title] ?? 0),
        ]),
      ),
      notes: ['The client is in the same process as the cluster. The figures of the engine are of another process.'],
    },
    {
      title: `SELECT * of ${cities.toLocaleString('en-US')} documents, over HTTP`,
      unit: 'MB/s',
      rounds: {
        service: of((lap) => lap.serviceMbPerSecond),
        'JSON.stringify': of((lap) => lap.stringifyMbPerSecond),
      },
      notes: [
        `The first row comes after ${laps.medians((lap) => lap.firstRowMs, 1)} ms. Memory grows by ${laps.medians((lap) => lap.grownMb, 0)} MB.`,
        'JSON.stringify writes the same documents from objects; the service parses them first, and its client is in the same process.',
      ],
    },
  ];
}
