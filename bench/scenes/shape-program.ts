import type { ServerAddress } from '../src/contender.js';
import type { OperationName } from '../src/load.js';
import { programBody } from './program-body.js';
import { openShapeClient, type RunLoad, type ShapeSide } from './shape-clients.js';
import { type Documents, sumOf } from './shape-documents.js';

/** One point of a curve: operations on some documents at some server. */
export interface ShapePoint {
  readonly x: number;
  readonly server: ServerAddress;
  readonly documents: Documents;
  readonly operation: OperationName;
  /** Of one lap. */
  readonly operations: number;
  readonly inFlight: number;
}

export interface ShapeArgs {
  readonly side: ShapeSide;
  /** In the order in which they are measured. */
  readonly points: readonly ShapePoint[];
}

/** By the order of the points. */
export type ShapeLaps = readonly ShapeLap[];

export interface ShapeLap {
  readonly operationsPerSecond: number;
  readonly clientCpuUsecs: number;
}

/** The lap before the measured one is so much shorter. */
const WARM_UP_SHARE = 0.5;

await programBody<ShapeArgs, ShapeLaps>(async ({ side, points }) => {
  const laps: ShapeLap[] = [];
  for (const point of points) {
    const run = await openShapeClient(side, point.server, point.documents);
    const warmUp = Math.max(point.inFlight, Math.round(point.operations * WARM_UP_SHARE));
    await lap(run, point, warmUp);
    laps.push(await lap(run, point, point.operations));
  }
  return laps;
});

async function lap(
  run: RunLoad,
  { documents, operation, inFlight }: ShapePoint,
  operations: number,
): Promise<ShapeLap> {
  const sum = operation === 'upsert' ? operations : sumOf(documents, operations);
  const cpu = process.cpuUsage();
  const begunAt = performance.now();
  await run({ operation, operations, inFlight, sum });
  const seconds = (performance.now() - begunAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { operationsPerSecond: operations / seconds, clientCpuUsecs: (user + system) / operations };
}
