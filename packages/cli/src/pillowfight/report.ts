import type { Histogram } from 'hdr-histogram-js';
import { printLine, type Terminal } from '../terminal/terminal.js';
import type { Load, LoadCounts } from './load.js';

const SECOND_MS = 1000;
const BAR_CHARACTERS = 40;
const PERCENTILES = [50, 90, 99, 99.9, 100];

/** Prints the speed once a second, at a terminal only. */
export class ProgressLine implements Disposable {
  readonly #terminal: Terminal;
  readonly #counts: LoadCounts;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #before = 0;

  constructor(terminal: Terminal, counts: LoadCounts) {
    this.#terminal = terminal;
    this.#counts = counts;
    this.#timer = terminal.stdout.isTTY ? setInterval(() => this.#print(), SECOND_MS) : undefined;
  }

  [Symbol.dispose](): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#terminal.stdout.write('\r\u001b[K');
  }

  #print(): void {
    const { done, failures } = this.#counts;
    const failed = failures === 0 ? '' : `, ${failures} failed`;
    this.#terminal.stdout.write(`\r\u001b[KOPS/SEC: ${done - this.#before}, ${done} in all${failed}`);
    this.#before = done;
  }
}

/** Prints the results of a load. */
export function printReport(terminal: Terminal, load: Load, seconds: number, showsTimings: boolean): void {
  const { done, reads, writes, misses } = load.counts;
  const parts = [`${reads} reads`, `${writes} writes`, ...(misses > 0 ? [`${misses} not found`] : [])];
  printLine(
    terminal,
    `${done} operations in ${seconds.toFixed(2)} s: ${Math.round(done / seconds)}/s (${parts.join(', ')})`,
  );
  printLine(terminal, `latency ${PERCENTILES.map((percent) => percentile(load.latencies, percent)).join(', ')}`);
  for (const [code, { first, count }] of load.failures) {
    printLine(terminal, `${count} failed with ${code}; the first: ${first.message}`);
  }
  if (showsTimings) for (const line of distribution(load.latencies)) printLine(terminal, line);
}

function percentile(latencies: Histogram, percent: number): string {
  const label = percent === 100 ? 'max' : `p${percent}`;
  return `${label} ${(latencies.getValueAtPercentile(percent) / 1000).toFixed(2)} ms`;
}

/** Returns the number of operations by latency, in steps that double. */
function distribution(latencies: Histogram): string[] {
  const lines: string[] = [];
  const longest = latencies.maxValue;
  let below = 0;
  for (let from = 0, to = 16; from <= longest; from = to, to *= 2) {
    const upTo = countUpTo(latencies, to);
    const count = upTo - below;
    below = upTo;
    if (count === 0) continue;
    const bar = '#'.repeat(Math.ceil((count / latencies.totalCount) * BAR_CHARACTERS));
    lines.push(`[${String(from).padStart(9)} - ${String(to).padStart(9)}] us |${bar.padEnd(BAR_CHARACTERS)}| ${count}`);
  }
  return lines;
}

function countUpTo(latencies: Histogram, value: number): number {
  // The histogram counts by percentile: the share of all values that are at or below this one.
  return Math.round((percentileOf(latencies, value) / 100) * latencies.totalCount);
}

/** Returns the greatest percentile whose value is at or below the given one, by bisection. */
function percentileOf(latencies: Histogram, value: number): number {
  if (latencies.maxValue <= value) return 100;
  let low = 0;
  let high = 100;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (latencies.getValueAtPercentile(middle) <= value) low = middle;
    else high = middle;
  }
  return low;
}
