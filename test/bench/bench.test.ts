import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameWriter, Magic } from '@cb/protocol';
import { SUITES } from '../../bench/micro/micro-case.js';
import type { ContenderName } from '../../bench/src/contender.js';
import { beerAt, DOCUMENT_BYTES, DOCUMENTS, keyAt, serialIn } from '../../bench/src/documents.js';
import { Evidence } from '../../bench/src/evidence.js';
import type { Lap } from '../../bench/src/lane.js';
import { readOptions } from '../../bench/src/options.js';
import { ReplyCounter } from '../../bench/src/reply-counter.js';
import type { Report } from '../../bench/src/report.js';
import type { LaneLaps } from '../../bench/src/run.js';
import { medianRatio, spreadOf, spreadOfKnown } from '../../bench/src/statistics.js';
import { outcomesOf } from '../../bench/src/targets.js';
import { effort } from '../effort/effort.js';
import { repositoryRoot } from '../house/repository.js';

const ROUNDS = effort(1, 2);
/** A run that takes longer hangs. */
const RUN_MS_MAX = 400_000;
/** Characters of the standard error that a failure shows. */
const STDERR_SHOWN = 4000;
const OURS = ['socket-floor', 'raw', 'promise'];

/** Runs the compiled benchmark to its end. */
function run(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; stderr: string } {
  const program = join(repositoryRoot, 'bench/dist/main.js');
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', timeout: RUN_MS_MAX });
}

describe('the quick size', () => {
  let folder: string;
  let markdown: string;
  let report: Report;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-'));
    const json = join(folder, 'report.json');
    const parts = ['--parts', 'layers,scenes'];
    const { status, stdout, stderr } = run('--quick', ...parts, '--rounds', String(ROUNDS), '--json', json);
    // What went wrong is told last, behind a line for each part.
    if (status !== 0) throw new Error(stderr.slice(-STDERR_SHOWN));
    markdown = stdout;
    report = JSON.parse(readFileSync(json, 'utf8'));
  }, RUN_MS_MAX);

  afterAll(() => rmSync(folder, { recursive: true }));

  test('says what was measured, and where', () => {
    expect(report).toMatchObject({ size: 'quick', rounds: ROUNDS, document: { bytes: 1024, count: 1000 } });
    expect(report.machine).toMatchObject({ cores: expect.any(Number), versions: { node: process.versions.node } });
    expect(report.machine.parseUsecs).toBeGreaterThan(0);
  });

  test('has a table for each workload, and the layers in each', () => {
    const groups = new Map<string, string[]>();
    for (const { group, operation, inFlight, rows } of report.tables) {
      groups.set(group, [...(groups.get(group) ?? []), `${operation} ${inFlight}`]);
      const ours = operation === 'getMulti' || group.endsWith('TLS') ? OURS.slice(1) : OURS;
      expect(rows.slice(0, ours.length).map(({ contender }) => contender)).toEqual(ours);
    }
    expect(groups.get('embedded cluster')).toEqual(['get 1', 'get 256', 'upsert 1', 'upsert 256']);
    expect(groups.get('embedded cluster with TLS')).toEqual(['get 1', 'get 256']);
    expect(groups.get('embedded cluster of 4 nodes')).toEqual(['getMulti 1000']);
    const memcached = report.notes.some((note) => note.startsWith('memcached is not installed'));
    expect(groups.get('memcached')).toEqual(
      memcached ? undefined : [...['get 1', 'get 512', 'getBytes 512', 'upsert 1', 'upsert 512']],
    );
  });

  test('has numbers that fit together in each row', () => {
    for (const { inFlight, rival, rows } of report.tables) {
      for (const row of rows) {
        const { operationsPerSecond, clientCpuUsecs, p50Usecs, p99Usecs } = row;
        expect(operationsPerSecond.min).toBeGreaterThan(0);
        expect(operationsPerSecond.median).toBeGreaterThanOrEqual(operationsPerSecond.min);
        expect(operationsPerSecond.median).toBeLessThanOrEqual(operationsPerSecond.max);
        expect(clientCpuUsecs.median).toBeGreaterThan(0);
        expect(p50Usecs === undefined).toBe(inFlight > 1);
        if (p50Usecs !== undefined) expect(p99Usecs!.median).toBeGreaterThanOrEqual(p50Usecs.median);
        if (row.contender === 'socket-floor') expect(row.ofFloor).toBe(1);
        if (row.contender === rival) expect(row.ofRival).toBe(1);
      }
    }
  });

  test('prints the same as markdown', () => {
    const headings = [...markdown.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(headings).toHaveLength(1 + report.tables.length + report.scenes.length);
    expect(headings[0]).toBe('Targets');
    expect(headings).toContain('embedded cluster: get, one after the other');
    expect(headings).toContain('embedded cluster: upsert, 256 in flight');
    const withRaw = report.tables.length + report.scenes.length;
    expect(markdown.match(/^\| @cb\/raw \| [\d,.]+/gm)).toHaveLength(withRaw);
    const widths = markdown.split(/\n{2,}/).flatMap((block) => {
      const lines = block.split('\n').filter((line) => line.startsWith('|'));
      return lines.length === 0 ? [] : [new Set(lines.map((line) => line.split('|').length)).size];
    });
    expect(widths).toEqual(headings.map(() => 1));
  });

  test('has every target that it could measure, with its goal and whether it is met', () => {
    const isComplete = report.notes.length === 0;
    if (isComplete) expect(report.targets).toHaveLength(34);
    expect(report.targets.length).toBeGreaterThanOrEqual(8);
    for (const { workload, sides } of report.targets) {
      for (const { goal, measured, met } of Object.values(sides)) {
        expect({ workload, least: measured.min >= 0 }).toEqual({ workload, least: true });
        expect(met).toBe('atLeast' in goal ? measured.median >= goal.atLeast : measured.median <= goal.atMost);
      }
    }
    const rows = markdown.match(/^\|.*(✓|✗).*\|$/gm);
    expect(rows).toHaveLength(report.targets.length);
  });

  test('counts what is done while others wait', () => {
    const waiting = report.scenes.filter(({ unit }) => /^(gets|durable upserts)\/s$/.test(unit));
    expect(waiting.map(({ title }) => title)).toEqual([
      'Gets from disk, 64 in flight',
      'Gets from disk, 256 in flight',
      'Durable upserts, majority',
      'Durable upserts, persisted',
      'Gets next to durable upserts',
      'Durable upserts next to gets',
      'Gets while a durable upsert waits for a frozen replica',
      'Gets while a get waits for a pending vbucket',
    ]);
    for (const { rounds, notes } of waiting) {
      for (const values of Object.values(rounds)) expect(Math.min(...values)).toBeGreaterThan(0);
      expect(notes.join(' ')).toContain('Operations that failed: raw 0, promise 0');
    }
  });

  test('tells how late deadlines are, and loses no answer while the event loop is blocked', () => {
    const late = report.scenes.filter(({ unit }) => unit === 'ms, 99 of 100');
    expect(late.map(({ title }) => title)).toEqual([
      'How late deadlines are in a busy web server',
      'How late deadlines are while every turn takes 60 ms',
    ]);
    for (const { rounds } of late)
      for (const values of Object.values(rounds)) expect(Math.min(...values)).toBeGreaterThan(0);
    const lost = report.scenes.find(({ unit }) => unit.endsWith('answers lost'));
    const zeros = Array.from({ length: ROUNDS }, () => 0);
    expect(lost!.rounds).toMatchObject({ raw: zeros, promise: zeros });
  });

  test('leaves out only what it names', () => {
    const rivals = report.tables.flatMap(({ rows }) => rows.map(({ contender }) => contender));
    const left = report.notes.join('\n');
    for (const [contender, name] of [
      ['official-sdk', 'couchbase'],
      ['memjs', 'memjs'],
      ['ioredis', 'ioredis'],
      ['node-redis', 'redis'],
    ] as const) {
      const server = contender === 'official-sdk' ? undefined : contender === 'memjs' ? 'memcached' : 'redis-server';
      const named = left.includes(`package ${name} is`) || (server !== undefined && left.includes(`${server} is`));
      expect({ contender, measured: rivals.includes(contender) }).toEqual({ contender, measured: !named });
    }
  });
});

test('the quick size of the micro-benchmarks has a table for each hot file', () => {
  const { status, stdout } = run('--micro', '--quick', '--rounds', '1');
  expect(status).toBe(0);
  expect([...stdout.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual([...SUITES]);
  const measured = [...stdout.matchAll(/^\| .* \| ([\d.]+) \| [\d.]+ to [\d.]+ \| \w+ \|$/gm)];
  expect(measured.length).toBeGreaterThan(2 * SUITES.length);
  expect(measured.filter(([, median]) => !(Number(median) > 0))).toEqual([]);
});

test('ratios are taken round by round, and only of what was measured', () => {
  const lap = (operationsPerSecond: number): Lap => ({
    ...{ operationsPerSecond, clientCpuUsecs: 1, serverCpuUsecs: 1, serverShare: 1 },
    ...{ p50Usecs: undefined, p99Usecs: undefined, otherCores: 0 },
  });
  const lane = (contender: ContenderName, speeds: readonly number[]): LaneLaps => ({
    ...{ lane: { contender, server: 'embedded' }, operations: 1, laps: speeds.map(lap) },
  });
  const workload = { operation: 'get', inFlight: 256 } as const;
  const lanes = [lane('raw', [40, 20, 90]), lane('official-sdk', [2, 1, 3])];
  const scenes = { startUp: { unit: 'ms', rounds: { raw: [10], 'official-sdk': [100] }, notes: [] } };
  const outcomes = outcomesOf(new Evidence([{ group: 'embedded cluster', workload, lanes }], scenes));
  expect(outcomes.map(({ what, sides }) => [what, sides.raw?.measured, sides.raw?.met, sides.promise])).toEqual([
    ['operations/s', { median: 20, min: 20, max: 30 }, true, undefined],
    ['CPU per operation', { median: 1, min: 1, max: 1 }, false, undefined],
    ['time', { median: 0.1, min: 0.1, max: 0.1 }, true, undefined],
  ]);
});

test('options that there are not end the benchmark before it begins', () => {
  expect(run('--fast')).toMatchObject({ status: 2, stdout: '' });
  expect(() => readOptions(['--rounds', '0'])).toThrow('--rounds must be a whole number from 1 to 1000, not 0');
  expect(() => readOptions(['--contenders', 'raw,nobody'])).toThrow(
    '--contenders has no nobody; it takes socket-floor',
  );
  expect(() => readOptions(['--plots', '.', '--parts', 'layers'])).toThrow('--plots needs the part shape');
  expect(readOptions(['--servers', 'memcached,redis']).servers).toEqual(['memcached', 'redis']);
  expect(readOptions(['--scenes', 'busyServer,persist']).scenes).toEqual(['busyServer', 'persist']);
  expect(() => readOptions(['--scenes', 'busy'])).toThrow('--scenes has no busy; it takes viewRows');
});

test('all documents are of one length, in ASCII, with keys of one length', () => {
  for (let index = 0; index < DOCUMENTS; index++) {
    const json = JSON.stringify(beerAt(index));
    expect([json.length, Buffer.byteLength(json)]).toEqual([DOCUMENT_BYTES, DOCUMENT_BYTES]);
    expect(serialIn(Buffer.from(json))).toBe(beerAt(index).serial);
    expect(keyAt(index)).toHaveLength(keyAt(0).length);
  }
  expect(new Set(Array.from({ length: DOCUMENTS }, (_none, index) => keyAt(index))).size).toBe(DOCUMENTS);
  expect(keyAt(DOCUMENTS)).toBe(keyAt(0));
});

test('replies are counted whole and cut at every byte', () => {
  const writer = new FrameWriter();
  for (const length of [0, 5, 100, 0]) {
    writer.begin(Magic.Response, 0);
    writer.latin1('x'.repeat(length));
    writer.end(0, 0, 0, 0, 0);
  }
  const bytes = writer.written;
  for (let cut = 0; cut <= bytes.length; cut++) {
    const replies = new ReplyCounter();
    const counted = replies.count(bytes.subarray(0, cut)) + replies.count(bytes.subarray(cut));
    expect({ cut, counted, frames: replies.frames, bytes: replies.bytes }).toEqual({
      ...{ cut, counted: 4, frames: 4 },
      bytes: bytes.length,
    });
  }
  const replies = new ReplyCounter();
  for (const byte of bytes) replies.count(Buffer.of(byte));
  expect(replies.frames).toBe(4);
});

test('medians, spreads and paired ratios', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(spreadOfKnown([1, undefined])).toBeUndefined();
  expect(medianRatio([2, 40, 600], [1, 10, 100])).toBe(4);
});
