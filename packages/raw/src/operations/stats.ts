import {
  AnswerTooBigError,
  ArgumentError,
  type CouchbaseError,
  type Frame,
  type FrameWriter,
  Opcode,
  vbucketOf,
} from '@cb/protocol';
import type { CompositeCall, CompositeSteps } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import { Operation, type OperationSpec } from '../operation/operation.js';
import { checkKey, KEY_BYTES_MAX, type OperationOptions } from '../operation/options.js';
import { Result } from '../results/results.js';
import { checkBoolean, checkOptions, checkSignal, checkTimeout, describe } from '../values/argument-checks.js';

/** Options of `stats`. */
export interface StatsOptions extends OperationOptions {
  /**
   * The key is that of a document of the default collection, and the statistics are those of its copies. Default false.
   */
  readonly keystats?: boolean | undefined;
  /**
   * Maximum size of the names and values of one node, in bytes; more fails with `AnswerTooBigError`. Default
   * 16,777,216: 16 MiB.
   */
  readonly bytesMax?: number | undefined;
}

/** Whole numbers are numbers, or bigints when they are too large to be exact; all else is text. */
export type StatValue = string | number | bigint;

/** The statistics of all nodes. */
export class StatsResult extends Result {
  /** By name, and then by the node that sent it, as `host:port`. */
  readonly stats: Readonly<Record<string, Readonly<Record<string, StatValue>>>>;
  /** Why nodes are missing; empty when all of them answered. `success` is false otherwise. */
  readonly errors: ReadonlyMap<string, CouchbaseError>;

  constructor(stats: StatsResult['stats'], errors: ReadonlyMap<string, CouchbaseError>) {
    const [first] = errors.values();
    super('', first === undefined ? 0 : first.rc || -1);
    this.stats = stats;
    this.errors = errors;
  }
}

/** The answer of one node for one group. */
class NodeStats extends Result {
  readonly stats: ReadonlyMap<string, StatValue>;

  constructor(stats: ReadonlyMap<string, StatValue>) {
    super('', 0);
    this.stats = stats;
  }
}

/** A question to one node: the group, and what was answered so far. */
interface Question {
  readonly group: string;
  readonly stats: Map<string, StatValue>;
  /** Number of bytes that may still come. */
  bytesLeft: number;
}

const OPTIONS = ['timeout', 'signal', 'retry', 'keystats', 'bytesMax'] as const;
const BYTES_MAX = 16 * 1024 * 1024;

/** Source: kv_engine docs/BinaryProtocol.md, "0x10 Stat": an answer for each statistic, and an empty one at the end. */
const statsSpec: OperationSpec<NodeStats> = {
  name: 'stats',
  opcode: Opcode.Stat,
  idempotent: true,
  route: 'node',
  quiet: false,
  key(operation: Operation, writer: FrameWriter): void {
    writer.utf8((operation.argument as Question).group);
  },
  more(operation: Operation, frame: Frame): boolean {
    if (frame.keyLength === 0) return false;
    const asked = operation.argument as Question;
    asked.bytesLeft -= frame.keyLength + frame.valueLength;
    if (asked.bytesLeft < 0) throw tooMuch(operation);
    asked.stats.set(frame.key.toString('utf8'), statValue(frame.value.toString('utf8')));
    return true;
  },
  result: (operation: Operation): NodeStats => new NodeStats((operation.argument as Question).stats),
};

/** Asks all nodes, or with `keystats` those that have a copy of the document. */
export function stats(
  context: OperationContext,
  keys: string | readonly string[] | undefined,
  options: StatsOptions = {},
): CompositeCall<StatsResult> {
  checkOptions('stats', options, OPTIONS);
  const isKey = checkBoolean(options.keystats ?? false, 'keystats');
  const groups = checkGroups(keys, isKey);
  const { bytesMax = BYTES_MAX } = options;
  if (!Number.isSafeInteger(bytesMax) || bytesMax < 1) {
    throw new ArgumentError(`bytesMax must be a whole number of bytes from 1, not ${describe(bytesMax)}`);
  }
  return {
    name: 'stats',
    key: '',
    timeoutMs: options.timeout === undefined ? context.timeoutMs : checkTimeout(options.timeout),
    signal: options.signal === undefined ? undefined : checkSignal(options.signal),
    idempotent: true,
    async run(steps) {
      const asked = isKey ? keyQuestions(steps, groups[0]!) : nodeQuestions(steps, groups);
      const questions = asked.map(({ node, group }) => ({ node, operation: question(context, node, group, bytesMax) }));
      const answers = await Promise.allSettled(questions.map(({ operation }) => steps.issue(operation)));
      return collect(questions.map(({ node }, index) => ({ node, answer: answers[index]! })));
    },
  };
}

interface Asked {
  readonly node: string;
  readonly group: string;
}

function nodeQuestions({ host }: CompositeSteps, groups: readonly string[]): Asked[] {
  return host.cluster.nodeNames.flatMap((node) => groups.map((group) => ({ node, group })));
}

function keyQuestions({ host }: CompositeSteps, key: string): Asked[] {
  const { nodeNames } = host.cluster;
  const map = host.cluster.map!;
  const vbucket = vbucketOf(key, map.vbuckets);
  const copies = [map.activeOf(vbucket), ...map.replicasOf(vbucket)];
  const nodes = new Set(copies.flatMap((index) => nodeNames[index] ?? []));
  return [...nodes].map((node) => ({ node, group: `key ${key} ${vbucket}` }));
}

function question(context: OperationContext, node: string, group: string, bytesMax: number): Operation<NodeStats> {
  const operation = new Operation(statsSpec, '', context.transcoder);
  operation.node = node;
  operation.argument = { group, stats: new Map(), bytesLeft: bytesMax } satisfies Question;
  return operation;
}

function tooMuch(operation: Operation): AnswerTooBigError {
  const { group } = operation.argument as Question;
  const message = `${operation.node} tells more statistics${group === '' ? '' : ` of ${group}`} than bytesMax allows`;
  return new AnswerTooBigError(message, { ...operation.details(), node: operation.node });
}

interface Answered {
  readonly node: string;
  readonly answer: PromiseSettledResult<NodeStats>;
}

/** Returns all answers; fails only when there are none. */
function collect(answered: readonly Answered[]): StatsResult {
  const byName = new Map<string, Record<string, StatValue>>();
  const errors = new Map<string, CouchbaseError>();
  for (const { node, answer } of answered) {
    if (answer.status === 'rejected') {
      if (!errors.has(node)) errors.set(node, answer.reason);
      continue;
    }
    for (const [name, value] of answer.value.stats) {
      const values = byName.get(name) ?? {};
      values[node] = value;
      byName.set(name, values);
    }
  }
  const [first] = errors.values();
  if (first !== undefined && answered.every(({ answer }) => answer.status === 'rejected')) throw first;
  return new StatsResult(Object.fromEntries(byName), errors);
}

function statValue(text: string): StatValue {
  if (!/^-?\d{1,20}$/.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function checkGroups(keys: unknown, isKey: boolean): readonly string[] {
  if (keys === undefined && !isKey) return [''];
  const groups: readonly unknown[] = Array.isArray(keys) ? keys : [keys];
  if (isKey && groups.length !== 1) throw new ArgumentError('keystats takes one key');
  if (groups.length === 0) throw new ArgumentError('keys must not be empty: leave them out for the usual statistics');
  for (const group of groups) checkGroup(group, isKey);
  return groups as readonly string[];
}

function checkGroup(group: unknown, isKey: boolean): void {
  if (isKey) {
    checkKey(group, KEY_BYTES_MAX);
    if (group.includes(' ')) throw new ArgumentError('keystats cannot ask for a key with spaces');
  } else if (typeof group !== 'string') {
    throw new ArgumentError(`keys must be a string or several, not ${describe(group)}`);
  } else if (Buffer.byteLength(group) > KEY_BYTES_MAX) {
    throw new ArgumentError(`a key of stats takes at most ${KEY_BYTES_MAX} bytes`);
  }
}
