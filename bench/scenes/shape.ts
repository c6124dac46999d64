import { startEmbedded } from '../src/servers/embedded.js';
import type { Server } from '../src/servers/server.js';
import { spreadOf } from '../src/statistics.js';
import { inTurns } from '../src/turns.js';
import { runProgram } from './program.js';
import type { Curve, CurvePoint, SceneOptions } from './scene.js';
import type { ShapeSide } from './shape-clients.js';
import { CURVE_PLANS, type CurvePlan, type PlannedPoint } from './shape-plan.js';
import type { ShapeArgs, ShapeLap, ShapeLaps, ShapePoint } from './shape-program.js';
import { shapeRivals } from './shape-rivals.js';
import type { ShapeStoreArgs } from './shape-store-program.js';

const SIDES: readonly ShapeSide[] = ['raw', 'promise'];

/** How the cost of an operation changes with nodes, operations in flight, the length of values, and collections. */
export async function shape(options: SceneOptions): Promise<readonly Curve[]> {
  const { quick, progress } = options;
  const rivals = await shapeRivals(options);
  if (quick) return [...(await measure(CURVE_PLANS, options)), ...rivals];
  const curves: Curve[] = [];
  for (const plan of CURVE_PLANS) {
    progress(`shape: ${plan.what} over ${plan.x}`);
    curves.push(...(await measure([plan], options)));
  }
  return [...curves, ...rivals];
}

/** One curve for each plan and side. Every round is a process of its own for each side, which goes over all points in another order. */
async function measure(plans: readonly CurvePlan[], { rounds, quick }: SceneOptions): Promise<Curve[]> {
  const planned = plans.flatMap((plan) => (quick ? plan.quick : plan.full));
  const servers = await startServers(planned);
  try {
    await store(planned, servers);
    const points = planned.map((each) => ({ ...each, server: servers.get(each.nodes)!.address }));
    const turns = new Map<ShapeSide, number>();
    const laps = await inTurns(SIDES, rounds, async (side) => {
      const turn = turns.get(side) ?? 0;
      turns.set(side, turn + 1);
      return lapsOf(side, points, turn % points.length);
    });
    const measured = (side: ShapeSide, point: PlannedPoint): CurvePoint =>
      curvePoint(
        point.x,
        laps.get(side)!.map((round) => round[planned.indexOf(point)]!),
      );
    return plans.flatMap((plan) =>
      SIDES.map((side) => {
        const curve = (quick ? plan.quick : plan.full).map((point) => measured(side, point));
        return { title: `@cb/${side}: ${plan.what}`, x: plan.x, points: curve, notes: plan.notesOf(curve) };
      }),
    );
  } finally {
    await Promise.all([...servers.values()].map((server) => server[Symbol.asyncDispose]()));
  }
}

/** The laps by the order of the points, measured from the one at `first` on. */
async function lapsOf(side: ShapeSide, points: readonly ShapePoint[], first: number): Promise<ShapeLaps> {
  const args: ShapeArgs = { side, points: [...points.slice(first), ...points.slice(0, first)] };
  const laps = await runProgram<ShapeLaps>('shape-program', args);
  return [...laps.slice(points.length - first), ...laps.slice(0, points.length - first)];
}

/** One for each number of nodes. */
async function startServers(points: readonly PlannedPoint[]): Promise<ReadonlyMap<number, Server>> {
  const servers = new Map<number, Server>();
  const start = async (nodes: number): Promise<void> => {
    const args = ['--nodes', String(nodes), '--replicas', '0', '--vbuckets', '1024'];
    servers.set(nodes, await startEmbedded([], args));
  };
  const started = await Promise.allSettled([...new Set(points.map(({ nodes }) => nodes))].map(start));
  const failure = started.find((each) => each.status === 'rejected');
  if (failure === undefined) return servers;
  await Promise.all([...servers.values()].map((server) => server[Symbol.asyncDispose]()));
  throw failure.reason;
}

async function store(points: readonly PlannedPoint[], servers: ReadonlyMap<number, Server>): Promise<void> {
  const stores = [...servers].map(([nodes, { address: server }]) => {
    const documents = points.filter((point) => point.nodes === nodes).map((point) => point.documents);
    return runProgram<number>('shape-store-program', { server, documents } satisfies ShapeStoreArgs);
  });
  await Promise.all(stores);
}

function curvePoint(x: number, laps: readonly ShapeLap[]): CurvePoint {
  return {
    x,
    operationsPerSecond: spreadOf(laps.map((lap) => lap.operationsPerSecond)),
    clientCpuUsecs: spreadOf(laps.map((lap) => lap.clientCpuUsecs)),
  };
}
