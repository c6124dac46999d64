import fc from 'fast-check';
import type { Latency } from '../../bench/scenes/latency.js';
import type { Curve } from '../../bench/scenes/scene.js';
import { documentAt, keysOf, nIn, sumOf } from '../../bench/scenes/shape-documents.js';
import type { StalledResult } from '../../bench/scenes/stalled.js';
import { Latencies } from '../../bench/src/latencies.js';
import { type Plot, plotSvg } from '../../bench/src/plot.js';
import { latencyPlot, throughputPlot } from '../../bench/src/plots.js';
import { runScene, SCENE_MS_MAX } from './scene-run.js';

jest.setTimeout(SCENE_MS_MAX);

const isOut = (name: string, notes: string): boolean => notes.includes(name);

describe('the quick size', () => {
  test('of shape has a curve for each side, with numbers that fit together', () => {
    const { result } = runScene<readonly Curve[]>('shape', 'shape', 1);
    const ours = result.filter(({ title }) => title.startsWith('@cb/'));
    expect(ours.map(({ title, x }) => `${title.split(':')[0]} over ${x}`)).toEqual(
      [
        'nodes',
        'operations in flight',
        ...['bytes of a value', 'bytes of a value', 'bytes of a value'],
        'collections',
      ].flatMap((x) => [`@cb/raw over ${x}`, `@cb/promise over ${x}`]),
    );
    for (const { title, points, notes } of ours) {
      expect(points.length).toBeGreaterThan(1);
      expect(points.map(({ x }) => x)).toEqual(points.map(({ x }) => x).sort((a, b) => a - b));
      for (const { operationsPerSecond, clientCpuUsecs } of points) {
        expect({ title, ...operationsPerSecond }).toMatchObject({ median: expect.any(Number) });
        expect(operationsPerSecond.min).toBeGreaterThan(0);
        expect(operationsPerSecond.max).toBeGreaterThanOrEqual(operationsPerSecond.median);
        expect(clientCpuUsecs.min).toBeGreaterThan(0);
      }
      expect(notes[0]).toMatch(/^Client CPU of an operation, as a multiple of the cheapest point: \d+: [\d.]+, /);
    }
    const svg = throughputPlot(result);
    expect(seriesNames(svg).slice(0, 2)).toEqual(['@cb/raw', '@cb/promise']);
  });

  test('of stalled has every phase, and operations that were refused', () => {
    const { result } = runScene<StalledResult>('stalled', 'stalled', 1);
    const { unit, rounds, grownMb, silentMs, refused, notes } = result;
    expect(unit).toBe('of the throughput before');
    expect(Object.keys(rounds)).toEqual([
      ...['stalled node', 'slow node'].flatMap((who) =>
        ['idle', 'filling', 'full', 'failing'].map((phase) => `${who}: ${phase}`),
      ),
      'unread rows',
    ]);
    for (const [name, values] of Object.entries(rounds)) {
      expect({ name, values }).toEqual({ name, values: [expect.any(Number)] });
      expect(values[0]).toBeGreaterThan(0);
    }
    expect(Math.max(...Object.values(rounds).flat())).toBeGreaterThan(0.1);
    expect(Object.keys(grownMb)).toEqual(['stalled node', 'slow node', 'unread rows']);
    // 64 MB of rows were not read, and 2,000 values of 10 KB could wait at most.
    expect(grownMb['unread rows']![0]).toBeLessThan(60);
    expect(grownMb['slow node']![0]).toBeLessThan(400);
    for (const who of ['stalled node', 'slow node']) {
      expect(refused[who]![0]).toBeGreaterThan(0);
      // The others answered between one deadline and the next.
      expect(silentMs[who]![0]).toBeLessThan(2500);
    }
    expect(notes.join(' ')).toMatch(/stalled node: \d+ operations offered, \d+ refused/);
  });

  test('of latency has distributions that rise', () => {
    const { result } = runScene<Latency>('latency', 'latency', 1);
    const { curves, notes } = result;
    const sides = isOut('couchbase', notes.join()) ? ['raw', 'promise'] : ['raw', 'promise', 'official-sdk'];
    expect(curves.map(({ side, inFlight }) => `${side} ${inFlight}`)).toEqual(
      sides.flatMap((side) => [`${side} 1`, `${side} 256`]),
    );
    for (const { points } of curves) {
      expect(points.at(-1)!.percentile).toBe(99.9);
      const times = points.map(({ usecs }) => usecs);
      expect(times[0]).toBeGreaterThan(0);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
    const [one, many] = curves;
    const median = ({ points }: typeof one & object): number =>
      points.find(({ percentile }) => percentile === 50)!.usecs;
    expect(median(many!)).toBeGreaterThan(median(one!));
    expect(seriesNames(latencyPlot(curves))).toHaveLength(curves.length);
  });
});

describe('documents of any length', () => {
  test('have it, and a number that is read with and without parsing', () => {
    for (const bytes of [10, 40, 100, 1000, 1034, 1035, 2037, 2038, 10_000, 100_001]) {
      const documents = { count: 3, bytes, collections: 0 };
      for (let index = 0; index < 4; index++) {
        const json = JSON.stringify(documentAt(documents, index));
        expect([bytes, json.length]).toEqual([bytes, bytes]);
        expect(nIn(Buffer.from(json))).toBe(JSON.parse(json).n);
      }
      expect(sumOf(documents, 5)).toBe(1000 + 1001 + 1002 + 1000 + 1001);
      expect(new Set(keysOf(documents)).size).toBe(3);
    }
  });
});

test('latencies are those of the n-th that began and ended', async () => {
  const latencies = new Latencies(3, true);
  latencies.begin();
  await new Promise((resolve) => setTimeout(resolve, 30));
  latencies.begin();
  latencies.end();
  latencies.begin();
  latencies.end();
  latencies.end();
  expect(latencies.percentile(0.99)!).toBeGreaterThan(25_000);
  expect(latencies.percentile(0.5)!).toBeLessThan(25_000);
  const none = new Latencies(3, false);
  none.begin();
  none.end();
  expect(none.percentile(0.5)).toBeUndefined();
});

describe('a plot', () => {
  const value = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
  const point = fc.record({ x: value, y: value, range: fc.tuple(value, value) }, { requiredKeys: ['x', 'y'] });
  const scale = fc.constantFrom('linear', 'log');
  const plots: fc.Arbitrary<Plot> = fc.record({
    title: fc.string(),
    x: fc.record({ title: fc.string(), scale }),
    y: fc.record({ title: fc.string(), scale }),
    series: fc.array(
      fc.record({ name: fc.string({ minLength: 1 }), points: fc.array(point, { minLength: 1, maxLength: 20 }) }),
      { minLength: 1, maxLength: 6 },
    ),
  }) as fc.Arbitrary<Plot>;

  test('is well-formed, has every series and every point within its frame, and is the same each time', () => {
    fc.assert(
      fc.property(plots, (plot) => {
        const svg = plotSvg(plot);
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        expect(unbalanced(svg)).toEqual([]);
        const circles = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)];
        expect(circles).toHaveLength(plot.series.flatMap(({ points }) => points).length);
        for (const [, x, y] of circles) {
          expect(Number(x)).toBeGreaterThanOrEqual(76);
          expect(Number(x)).toBeLessThanOrEqual(736);
          expect(Number(y)).toBeGreaterThanOrEqual(92);
          expect(Number(y)).toBeLessThanOrEqual(384);
        }
        for (const { name } of plot.series) expect(textsOf(svg)).toContain(name);
        expect(plotSvg(plot)).toBe(svg);
      }),
    );
  });

  test('has round ticks', () => {
    const plot = (scale: 'linear' | 'log', most: number): string[] =>
      textsOf(
        plotSvg({
          title: 'T',
          x: { title: 'X', scale: 'linear', ticks: [{ at: 1, label: 'one' }] },
          y: { title: 'Y', scale },
          series: [
            {
              name: 'S',
              points: [
                { x: 1, y: 1 },
                { x: 2, y: most },
              ],
            },
          ],
        }),
      ).slice(2, -3);
    expect(plot('linear', 170_000)).toEqual(['0', '50k', '100k', '150k', '200k']);
    expect(plot('log', 170_000)).toEqual(['1', '10', '100', '1k', '10k', '100k', '1M']);
    expect(plot('log', 30)).toEqual(['1', '2', '5', '10', '20', '50']);
  });

  test('that cannot be drawn is refused', () => {
    const axis = { title: 'axis', scale: 'log' } as const;
    const draw = (y: number, count = 1): string => {
      const series = Array.from({ length: count }, () => ({ name: 's', points: [{ x: 1, y }] }));
      return plotSvg({ title: '', x: axis, y: axis, series });
    };
    expect(() => draw(0)).toThrow('axis has 0, which a logarithm cannot show');
    expect(() => draw(Number.NaN)).toThrow('the series s has a point that is not a number');
    expect(() => draw(1, 0)).toThrow('a plot has 1 to 6 series, not 0');
    expect(() => draw(1, 7)).toThrow('not 7');
  });
});

/** Elements that are not closed, or closed and not open. */
function unbalanced(svg: string): string[] {
  const open: string[] = [];
  // No attribute has a bracket in it: everything that came from outside is escaped.
  for (const [tag, slash, name, , selfClosing] of svg.matchAll(/<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>/g)) {
    if (slash === '/') {
      if (open.pop() !== name) return [tag];
    } else if (selfClosing === '') {
      open.push(name!);
    }
  }
  const rest = svg.replace(/<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>/g, '');
  return rest.includes('<') ? [...open, rest.slice(rest.indexOf('<'), 40)] : open;
}

/** The contents of all text elements. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, content]) =>
    content!
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, '&'),
  );
}

/** Those come last in a plot. */
function seriesNames(svg: string): string[] {
  return [
    ...svg.matchAll(/<path d="M\d[\d.]* \d+H[\d.]+" stroke="#\w+" stroke-width="2"[^>]*>\n<text [^>]*>([^<]*)</g),
  ].map(([, name]) => name!);
}
