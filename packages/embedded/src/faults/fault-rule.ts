import { types } from 'node:util';
import { ArgumentError, Opcode } from '@cb/protocol';
import { closest } from '@cb/protocol/internal';
import { checkFields, choiceOption, integerOption } from '../base/check-options.js';
import { checkDelay, type Delay } from './delay.js';

/** A KV opcode by its name: `Get`, `Set`, `SubdocMultiLookup` … */
export type OpcodeName = keyof typeof Opcode;

/** The ways in which a cluster announces a newer configuration to clients that do not ask for it. */
export type ConfigWay = 'push' | 'push-brief' | 'not-my-vbucket';

/** The effect on configurations while the rule is active. */
export interface ConfigFault {
  /**
   * `stale`: the nodes go on handing out what they had when the rule was added. `none`: they hand out none at all. Left
   * out: they hand out the newest.
   */
  readonly handsOut?: 'stale' | 'none' | undefined;
  /**
   * The ways in which a newer configuration is announced: `push` sends all of it, `push-brief` only its revision, and
   * `not-my-vbucket` has it in the answer to a misrouted request (otherwise that answer has no body). With an empty
   * list, clients get it only on request. Default all; each still needs the client's consent in HELLO.
   */
  readonly tells?: readonly ConfigWay[] | undefined;
}

/** An answer of the rule's own. */
export interface FaultAnswer {
  /** The status: of KV (`Status` of `@cb/protocol`), or of HTTP. */
  readonly status: number;
  /** Bytes or text as they are; anything else as JSON. Default empty. */
  readonly body?: unknown;
}

/** Pieces that an answer is cut into. */
export interface Split {
  /** Length of each piece, in bytes. */
  readonly bytes: number;
  /** Milliseconds from one piece to the next. Default 0: the next turn of the event loop. */
  readonly everyMs?: number | undefined;
}

/**
 * One fault: which requests it meets, and what it does to them. All that match must match; when several rules meet one
 * request, their delays add up, and of everything else the rule that was added first decides.
 */
export interface FaultRule {
  /** Index of the node. Default all. */
  readonly node?: number | undefined;
  /** Default `http` when there is a `path`, else `kv`. */
  readonly service?: 'kv' | 'http' | undefined;
  /** KV: the request's opcode, as a number or by its name. Default all. */
  readonly opcode?: number | OpcodeName | undefined;
  /** KV: the document's key, without its collection. Default all requests, those without a key too. */
  readonly key?: string | RegExp | undefined;
  /** HTTP: the path, without the query. Default all. */
  readonly path?: string | RegExp | undefined;
  /** Number of matching requests that are skipped first. Default 0. */
  readonly after?: number | undefined;
  /** Maximum number of times that the rule acts. Default unlimited. */
  readonly times?: number | undefined;
  /** From 0 to 1: how likely the rule acts on a request that matches; the cluster's seed decides. Default 1. */
  readonly probability?: number | undefined;

  /**
   * Waits before the request is executed. On a KV connection, requests after it wait too, unless the client asked for
   * unordered execution and both may be reordered.
   */
  readonly delay?: Delay | undefined;
  /** Sends this answer, and does not carry the request out. */
  readonly answer?: FaultAnswer | undefined;
  /** `request`: it is neither carried out nor answered. `answer`: it is carried out and not answered. */
  readonly drop?: 'request' | 'answer' | undefined;
  /** Number of bytes of the answer (HTTP: of its body) that are sent; nothing more follows on this connection. */
  readonly truncate?: number | undefined;
  /** The answer (HTTP: its body) is sent in pieces. A number is the bytes of a piece. */
  readonly split?: number | Split | undefined;
  /**
   * Breaks the connection: `true` instead of executing the request; a number after that many bytes of the answer (HTTP:
   * of its body).
   */
  readonly reset?: true | number | undefined;
  /** Changes how the cluster's configuration is distributed. Combines with `node` only. */
  readonly config?: ConfigFault | undefined;
}

const FIELDS = [
  'node',
  'service',
  'opcode',
  'key',
  'path',
  'after',
  'times',
  'probability',
  'delay',
  'answer',
  'drop',
  'truncate',
  'split',
  'reset',
  'config',
] as const satisfies readonly (keyof FaultRule)[];

const EFFECTS = ['delay', 'answer', 'drop', 'truncate', 'split', 'reset', 'config'] as const;
const KV_ONLY = ['opcode', 'key'] as const;
const WAYS: readonly ConfigWay[] = ['push', 'push-brief', 'not-my-vbucket'];
const COUNT_MAX = Number.MAX_SAFE_INTEGER;
const BYTES_MAX = 2 ** 31;

/** A rule that was checked, with its defaults. */
export interface CheckedRule extends Omit<FaultRule, 'opcode' | 'split'> {
  readonly service: 'kv' | 'http';
  readonly opcode: number | undefined;
  readonly split: Split | undefined;
}

/**
 * @throws ArgumentError for a field that is unknown, of the wrong type, out of range, or incompatible with the others.
 */
export function checkRule(rule: FaultRule): CheckedRule {
  checkFields(rule, FIELDS, 'rule');
  const service = choiceOption(rule.service, 'service', ['kv', 'http'], rule.path === undefined ? 'kv' : 'http');
  for (const field of service === 'kv' ? (['path'] as const) : KV_ONLY) {
    if (rule[field] !== undefined) throw new ArgumentError(`${field} has no meaning for the service ${service}`);
  }
  const effects = EFFECTS.filter((effect) => rule[effect] !== undefined);
  if (effects.length === 0) throw new ArgumentError(`rule must do something: one of ${EFFECTS.join(', ')}`);
  checkMatch(rule);
  checkEffects(rule);
  if (rule.config !== undefined) checkConfig(rule, rule.config);
  return { ...rule, service, opcode: opcodeOf(rule.opcode), split: splitOf(rule.split) };
}

function checkMatch({ key, path, after, times, probability }: FaultRule): void {
  checkPattern(key, 'key');
  checkPattern(path, 'path');
  integerOption(after, 'after', 0, COUNT_MAX, 0);
  integerOption(times, 'times', 1, COUNT_MAX, 1);
  if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
    throw new ArgumentError(`probability must be from 0 to 1, not ${String(probability)}`);
  }
}

function checkEffects({ delay, answer, drop, truncate, reset }: FaultRule): void {
  if (delay !== undefined) checkDelay(delay);
  if (answer !== undefined) {
    checkFields(answer, ['status', 'body'], 'answer');
    integerOption((answer as FaultAnswer).status, 'answer.status', 0, 0xffff, -1);
    if ((answer as FaultAnswer).status === undefined) throw new ArgumentError('answer.status is missing');
  }
  choiceOption(drop, 'drop', ['request', 'answer'], 'request');
  integerOption(truncate, 'truncate', 0, BYTES_MAX, 0);
  if (reset !== true) integerOption(reset, 'reset', 0, BYTES_MAX, 0);
}

function checkConfig(rule: FaultRule, config: ConfigFault): void {
  const others = FIELDS.filter((field) => field !== 'node' && field !== 'config' && rule[field] !== undefined);
  if (others.length > 0) throw new ArgumentError(`${others[0]} cannot be combined with config`);
  checkFields(config, ['handsOut', 'tells'], 'config');
  choiceOption(config.handsOut, 'config.handsOut', ['stale', 'none'], 'stale');
  for (const way of config.tells ?? []) choiceOption(way, 'config.tells', WAYS, 'push');
  if (config.handsOut === undefined && config.tells === undefined) {
    throw new ArgumentError('config must have handsOut or tells');
  }
}

function checkPattern(pattern: unknown, name: string): void {
  if (pattern === undefined || typeof pattern === 'string' || types.isRegExp(pattern)) return;
  throw new ArgumentError(`${name} must be a string or a regular expression, not ${String(pattern)}`);
}

function opcodeOf(opcode: FaultRule['opcode']): number | undefined {
  if (opcode === undefined) return undefined;
  if (typeof opcode === 'number') return integerOption(opcode, 'opcode', 0, 0xff, 0);
  const code = Object.hasOwn(Opcode, opcode) ? Opcode[opcode] : undefined;
  if (code !== undefined) return code;
  const meant = closest(String(opcode), Object.keys(Opcode));
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new ArgumentError(`opcode: there is none called ${JSON.stringify(opcode)}${hint}`);
}

function splitOf(split: FaultRule['split']): Split | undefined {
  if (split === undefined) return undefined;
  const given = typeof split === 'number' ? { bytes: split } : split;
  checkFields(given, ['bytes', 'everyMs'], 'split');
  const bytes = integerOption(given.bytes, 'split.bytes', 1, BYTES_MAX, -1);
  if (bytes < 0) throw new ArgumentError('split.bytes is missing');
  return { bytes, everyMs: integerOption(given.everyMs, 'split.everyMs', 0, BYTES_MAX, 0) };
}
