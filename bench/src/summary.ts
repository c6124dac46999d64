import { type ContenderName, contenderInfo, type ServerKind } from './contender.js';
import type { Lap } from './lane.js';
import type { OperationName } from './load.js';
import type { LaneLaps, WorkloadLaps } from './run.js';
import { medianRatio, type Spread, spreadOf, spreadOfKnown } from './statistics.js';

/** What one contender did with one workload. */
export interface Row {
  readonly contender: ContenderName;
  readonly server: ServerKind;
  readonly operationsPerRound: number;
  readonly operationsPerSecond: Spread;
  /** User and system time of the client's process for each operation. */
  readonly clientCpuUsecs: Spread;
  readonly serverCpuUsecs: Spread | undefined;
  /** Of one core. */
  readonly serverShare: Spread | undefined;
  /** With one operation in flight only: over all operations of a round. */
  readonly p50Usecs: Spread | undefined;
  readonly p99Usecs: Spread | undefined;
  readonly otherCores: Spread | undefined;
  /** Operations per second as a share of the socket floor's, and as a multiple of the fastest rival's. */
  readonly ofFloor: number | undefined;
  readonly ofRival: number | undefined;
}

export interface Table {
  readonly group: string;
  readonly operation: OperationName;
  readonly inFlight: number;
  /** The rival that `ofRival` is about. */
  readonly rival: ContenderName | undefined;
  readonly rows: readonly Row[];
}

export function summarize({ group, workload, lanes }: WorkloadLaps): Table {
  const floor = lanes.find(({ lane }) => lane.contender === 'socket-floor');
  const rival = lanes
    .filter(({ lane }) => contenderInfo(lane.contender).rival)
    .sort((a, b) => spreadOf(speeds(b)).median - spreadOf(speeds(a)).median)[0];
  return { group, ...workload, rival: rival?.lane.contender, rows: lanes.map((lane) => rowOf(lane, floor, rival)) };
}

function rowOf(lane: LaneLaps, floor: LaneLaps | undefined, rival: LaneLaps | undefined): Row {
  const { laps, operations: operationsPerRound } = lane;
  const known = (pick: (lap: Lap) => number | undefined): Spread | undefined => spreadOfKnown(laps.map(pick));
  return {
    ...lane.lane,
    operationsPerRound,
    operationsPerSecond: spreadOf(speeds(lane)),
    clientCpuUsecs: spreadOf(laps.map((lap) => lap.clientCpuUsecs)),
    serverCpuUsecs: known((lap) => lap.serverCpuUsecs),
    serverShare: known((lap) => lap.serverShare),
    p50Usecs: known((lap) => lap.p50Usecs),
    p99Usecs: known((lap) => lap.p99Usecs),
    otherCores: known((lap) => lap.otherCores),
    ofFloor: floor && lane.lane.server === floor.lane.server ? medianRatio(speeds(lane), speeds(floor)) : undefined,
    ofRival: rival && medianRatio(speeds(lane), speeds(rival)),
  };
}

function speeds({ laps }: LaneLaps): number[] {
  return laps.map((lap) => lap.operationsPerSecond);
}
