import type { Latency } from '../scenes/latency.js';
import type { Curve, SceneResult } from '../scenes/scene.js';
import { contenderInfo } from './contender.js';
import { curveTable, latencyTable } from './curve-tables.js';
import { DOCUMENT_BYTES, DOCUMENTS } from './documents.js';
import { describeLoad } from './load.js';
import { isTooBusy, type Machine } from './machine.js';
import { sceneTable } from './scene-table.js';
import type { Spread } from './statistics.js';
import type { Row, Table } from './summary.js';
import { targetTable } from './target-table.js';
import type { Outcome } from './targets.js';

/** Everything that a run found out, as it is written with `--json`. */
export interface Report {
  readonly size: 'full' | 'quick';
  readonly startedAt: string;
  readonly rounds: number;
  readonly machine: Machine;
  readonly document: { readonly bytes: number; readonly count: number };
  readonly notes: readonly string[];
  /** The targets that something was measured for. */
  readonly targets: readonly Outcome[];
  readonly tables: readonly Table[];
  readonly scenes: readonly TitledScene[];
  readonly curves: readonly Curve[];
  readonly latency: Latency | undefined;
}

export interface TitledScene extends SceneResult {
  readonly title: string;
}

/** Above this share of one core a server with one thread is what limits the row. */
const SERVER_LIMIT_SHARE = 0.93;

/** With more than this many cores in use by others, a row is marked. */
const OTHER_CORES_MAX = 0.15;

export function asMarkdown(report: Report): string {
  const { targets, tables, scenes, curves, latency } = report;
  return [
    heading(report),
    ...(targets.length === 0 ? [] : [`## Targets\n\n${targetTable(targets)}`]),
    ...tables.map(tableOf),
    ...scenes.map((scene) => sceneTable(scene.title, scene)),
    ...curves.map(curveTable),
    ...(latency === undefined ? [] : [latencyTable(latency)]),
  ].join('\n\n');
}

function heading({ size, startedAt, rounds, machine, notes, tables }: Report): string {
  const { cpu, cores, memoryGiB, system, versions, busyCores, parseUsecs } = machine;
  const known = tables.flatMap(({ rows }) => rows.flatMap(({ otherCores }) => otherCores?.median ?? []));
  const others = Math.max(0, ...known);
  return [
    `# Benchmark${size === 'quick' ? ' (quick size: shows that it runs, not how fast)' : ''}`,
    '',
    `- ${startedAt}; ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}`,
    `- ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
    `- ${DOCUMENTS} documents of ${DOCUMENT_BYTES} bytes of JSON; JSON.parse of one takes ${parseUsecs.toFixed(2)} µs`,
    `- median of ${rounds} interleaved rounds (least to most)`,
    `- others used ${busyCores.toFixed(2)} cores before the start${known.length > 0 ? `, and at most ${others.toFixed(2)} (median of a row) during it` : ''}`,
    ...(isTooBusy(machine) || others > OTHER_CORES_MAX
      ? ['- **The machine was busy: trust ratios only, and those with care.**']
      : []),
    ...notes.map((note) => `- ${note}`),
  ].join('\n');
}

function tableOf(table: Table): string {
  const { group, inFlight, rival, rows } = table;
  const columns = columnsOf(inFlight === 1, rival === undefined ? undefined : contenderInfo(rival).title);
  return [
    `## ${group}: ${describeLoad(table)}`,
    '',
    `| ${columns.map(([title]) => title).join(' | ')} |`,
    `|${columns.map((_column, index) => (index === 0 ? '---' : '---:')).join('|')}|`,
    ...rows.map((row) => `| ${columns.map(([_title, cell]) => cell(row)).join(' | ')} |`),
    ...footnotesOf(rows),
  ].join('\n');
}

function footnotesOf(rows: readonly Row[]): readonly string[] {
  const notes = [
    ...(rows.some(isServerBound) ? ["¹ The server used a whole core: this is its limit, not the client's."] : []),
    ...(rows.some(isDisturbed)
      ? ['² Others used the machine in the meantime: the number is too low by what they took.']
      : []),
  ];
  return notes.flatMap((note) => ['', note]);
}

type Column = readonly [title: string, cell: (row: Row) => string];

function columnsOf(sequential: boolean, rival: string | undefined): readonly Column[] {
  return [
    ['', titleOf],
    ['operations/s', (row) => count(row.operationsPerSecond.median) + marksOf(row)],
    ['spread', ({ operationsPerSecond: { min, max } }) => `${count(min)} to ${count(max)}`],
    ['client CPU µs/op', ({ clientCpuUsecs }) => usecs(clientCpuUsecs)],
    ['server CPU µs/op', ({ serverCpuUsecs }) => usecs(serverCpuUsecs)],
    ['server, of a core', ({ serverShare }) => (serverShare === undefined ? '' : percent(serverShare.median))],
    ...(sequential ? latencyColumns : []),
    ['of the floor', ({ ofFloor }) => (ofFloor === undefined ? '' : ofFloor.toFixed(2))],
    ...(rival === undefined ? [] : [rivalColumn(rival)]),
  ];
}

const latencyColumns: readonly Column[] = [
  ['p50 µs', ({ p50Usecs }) => usecs(p50Usecs)],
  ['p99 µs', ({ p99Usecs }) => usecs(p99Usecs)],
];

function rivalColumn(rival: string): Column {
  return [`× ${rival}`, ({ ofRival }) => (ofRival === undefined ? '' : ofRival.toFixed(ofRival < 10 ? 2 : 1))];
}

function titleOf({ contender, server }: Row): string {
  const { title } = contenderInfo(contender);
  return server === 'redis' ? `${title} (redis-server)` : title;
}

/** Only the embedded cluster has a single thread for its work. */
function isServerBound({ server, serverShare }: Row): boolean {
  return server !== 'memcached' && (serverShare?.median ?? 0) > SERVER_LIMIT_SHARE;
}

function isDisturbed({ otherCores }: Row): boolean {
  return (otherCores?.median ?? 0) > OTHER_CORES_MAX;
}

function marksOf(row: Row): string {
  return (isServerBound(row) ? ' ¹' : '') + (isDisturbed(row) ? ' ²' : '');
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function usecs(spread: Spread | undefined): string {
  if (spread === undefined) return '';
  return spread.median.toFixed(spread.median < 100 ? 1 : 0);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
