import { ClientProcess } from './client-process.js';
import { cpuTimeOf, cpuTimeOfMachine } from './cpu-time.js';
import type { LanePlan, Workload } from './plan.js';
import { operationsOf } from './plan.js';
import { startEmbedded, startSecure } from './servers/embedded.js';
import { startMemcached, startRedis } from './servers/installed.js';
import type { Server } from './servers/server.js';

/** What one lap was like. */
export interface Lap {
  readonly operationsPerSecond: number;
  readonly clientCpuUsecs: number;
  /** Per operation, and as a share of one core; undefined where the system does not tell. */
  readonly serverCpuUsecs: number | undefined;
  readonly serverShare: number | undefined;
  readonly p50Usecs: number | undefined;
  readonly p99Usecs: number | undefined;
  /** Cores that neither client nor server used, but somebody did. */
  readonly otherCores: number | undefined;
}

export interface LaneOptions {
  readonly quick: boolean;
  /** Where CPU profiles go. */
  readonly profile: string | undefined;
}

/** The system counts CPU time in steps of 10 ms: of shorter laps it cannot be told what others did. */
const OTHERS_WALL_USECS_MIN = 100_000;

/** One contender and a server that it has for itself, each in its process, so that no lane leaves traces in another. */
export class Lane implements AsyncDisposable {
  readonly plan: LanePlan;
  readonly #quick: boolean;
  readonly #server: Server;
  readonly #client: ClientProcess;

  private constructor(plan: LanePlan, quick: boolean, server: Server, client: ClientProcess) {
    this.plan = plan;
    this.#quick = quick;
    this.#server = server;
    this.#client = client;
  }

  /** Starts server and client, and stores the documents. */
  static async start(plan: LanePlan, { quick, profile }: LaneOptions): Promise<Lane> {
    const { contender, nodes = 1, secure = false } = plan;
    const name = `${contender}-${plan.server}${nodes === 1 ? '' : `-${nodes}`}${secure ? '-tls' : ''}`;
    const server = await startServer(plan, profileArgs(profile, `${name}-server`));
    try {
      const client = await ClientProcess.start(contender, server.address, profileArgs(profile, `${name}-client`));
      const lane = new Lane(plan, quick, server, client);
      await client.run({ operation: 'upsert', operations: 2000, inFlight: 100 });
      return lane;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  operations(workload: Workload): number {
    return operationsOf(this.plan, workload, this.#quick);
  }

  async lap(workload: Workload): Promise<Lap> {
    const operations = this.operations(workload);
    const { pid } = this.#server;
    const machineBefore = cpuTimeOfMachine();
    const serverBefore = cpuTimeOf(pid);
    const { wallUsecs, cpuUsecs, p50Usecs, p99Usecs } = await this.#client.run({ ...workload, operations });
    const serverAfter = cpuTimeOf(pid);
    const machineUsecs = cpuTimeOfMachine() - machineBefore;
    const known = serverBefore !== undefined && serverAfter !== undefined;
    const serverUsecs = known ? serverAfter - serverBefore : undefined;
    return {
      operationsPerSecond: (operations / wallUsecs) * 1e6,
      clientCpuUsecs: cpuUsecs / operations,
      serverCpuUsecs: serverUsecs === undefined ? undefined : serverUsecs / operations,
      serverShare: serverUsecs === undefined ? undefined : serverUsecs / wallUsecs,
      p50Usecs,
      p99Usecs,
      otherCores: otherCores(machineUsecs - cpuUsecs - (serverUsecs ?? Number.NaN), wallUsecs),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
  }
}

/** Cores that the rest of the machine used; undefined when that cannot be told. */
function otherCores(usecs: number, wallUsecs: number): number | undefined {
  return Number.isNaN(usecs) || wallUsecs < OTHERS_WALL_USECS_MIN ? undefined : Math.max(0, usecs / wallUsecs);
}

function startServer({ server, nodes = 1, secure = false }: LanePlan, execArgv: readonly string[]): Promise<Server> {
  switch (server) {
    case 'embedded':
      return secure ? startSecure(execArgv) : startEmbedded(execArgv, ['--nodes', String(nodes)]);
    case 'memcached':
      return startMemcached();
    case 'redis':
      return startRedis();
  }
}

function profileArgs(directory: string | undefined, name: string): readonly string[] {
  if (directory === undefined) return [];
  return ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${name}.cpuprofile`];
}
