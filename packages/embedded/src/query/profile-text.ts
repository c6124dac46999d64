import type { Engine } from './engine.js';
import type { RequestRun } from './request-run.js';
import type { RunningRequest } from './running-request.js';

const NANOS_PER_MS = 1e6;

/** Prints what took how long. */
export function profileText(engine: Engine, { planMs }: RequestRun, running: RunningRequest): string {
  const { elapsedMs, requestedAtMs, origin } = running;
  const duration = (ms: number): string => engine.durationText(ms * NANOS_PER_MS);
  return JSON.stringify({
    phaseTimes: { plan: duration(planMs), run: duration(Math.max(0, elapsedMs - planMs)) },
    requestTime: new Date(requestedAtMs).toISOString(),
    servicingHost: origin.node,
  });
}
