import type { Latency } from '../scenes/latency.js';
import type { Curve } from '../scenes/scene.js';
import { contenderInfo } from './contender.js';

/** One curve, a line for each point. */
export function curveTable({ title, x, points, notes }: Curve): string {
  return [
    `## ${title}, by ${x}`,
    '',
    `| ${x} | operations/s | spread | client CPU µs/op |`,
    '|---:|---:|---:|---:|',
    ...points.map(({ x: at, operationsPerSecond: { median, min, max }, clientCpuUsecs }) => {
      const cells = [whole(at), whole(median), `${whole(min)} to ${whole(max)}`, digits(clientCpuUsecs.median)];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
    ...notes.map((note) => `- ${note}`),
  ].join('\n');
}

/** A column for each client and number of operations in flight, a line for each percentile. */
export function latencyTable({ curves, notes }: Latency): string {
  const titles = curves.map(({ side, inFlight }) => `${contenderInfo(side).title}, ${inFlight} in flight`);
  const percentiles = curves[0]?.points.map(({ percentile }) => percentile) ?? [];
  return [
    '## Latency of gets, µs',
    '',
    `| percentile | ${titles.join(' | ')} |`,
    `|---:|${titles.map(() => '---:').join('|')}|`,
    ...percentiles.map((percentile, place) => {
      return `| ${percentile} | ${curves.map(({ points }) => digits(points[place]!.usecs)).join(' | ')} |`;
    }),
    '',
    ...notes.map((note) => `- ${note}`),
  ].join('\n');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function digits(value: number): string {
  return value >= 100 ? whole(value) : value.toFixed(1);
}
