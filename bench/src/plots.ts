import type { LatencyCurve } from '../scenes/latency.js';
import type { Curve } from '../scenes/scene.js';
import { contenderInfo } from './contender.js';
import { plotSvg } from './plot.js';

/** The curves of it are those over this. */
export const IN_FLIGHT = 'operations in flight';

/** Percentiles far apart at the end, where few operations are: 99.9 % is as far from 99 % as that from 90 %. */
const PERCENTILE_TICKS = [1, 50, 90, 99, 99.9];

/** Throughput against operations in flight: of the curves that have those. */
export function throughputPlot(curves: readonly Curve[]): string {
  return plotSvg({
    title: 'Throughput of gets of 1 KB, by operations in flight',
    x: { title: IN_FLIGHT, scale: 'log' },
    y: { title: 'operations per second', scale: 'log' },
    series: curves
      .filter(({ x }) => x === IN_FLIGHT)
      .map(({ title, points }) => ({
        name: title.replace(/: get.*/, ''),
        points: points.map(({ x, operationsPerSecond: { median, min, max } }) => ({ x, y: median, range: [min, max] })),
      })),
  });
}

/** What share of the operations took how long at most. */
export function latencyPlot(curves: readonly LatencyCurve[]): string {
  return plotSvg({
    title: 'Latency of gets of 1 KB, by percentile',
    x: {
      title: 'percentile',
      scale: 'log',
      ticks: PERCENTILE_TICKS.map((percentile) => ({ at: rarity(percentile), label: `${percentile} %` })),
    },
    y: { title: 'microseconds', scale: 'log' },
    series: curves.map(({ side, inFlight, points }) => ({
      name: `${contenderInfo(side).title}, ${inFlight} in flight`,
      points: points.map(({ percentile, usecs }) => ({ x: rarity(percentile), y: usecs })),
    })),
  });
}

/** One of so many operations takes longer. */
function rarity(percentile: number): number {
  return 100 / (100 - percentile);
}
