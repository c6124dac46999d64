// Loaded now, so that they are not a part of what is measured: what the contenders need besides their packages.
import '../src/promise-contender.js';
import '../src/rival.js';
import type { ContenderModule, ServerAddress } from '../src/contender.js';
import { Latencies } from '../src/latencies.js';
import { programBody } from './program-body.js';

export interface StartUpArgs {
  readonly side: 'raw' | 'promise' | 'official-sdk';
  readonly server: ServerAddress;
}

export interface StartUpLap {
  readonly ms: number;
  readonly residentMb: number;
}

const ONE = { operation: 'get', operations: 1, inFlight: 1 } as const;

await programBody<StartUpArgs, StartUpLap>(async ({ side, server }) => {
  const latencies = new Latencies(ONE.operations, true);
  const begunAt = performance.now();
  const module: ContenderModule = await import(`../src/contenders/${side}.js`);
  const contender = await module.open(server);
  await contender.run(ONE, latencies);
  const ms = performance.now() - begunAt;
  return { ms, residentMb: process.memoryUsage.rss() / 2 ** 20 };
});
