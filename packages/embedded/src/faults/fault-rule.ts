import { types } from 'node:util';
import { ArgumentError, Opcode } from '@cb/protocol';
import { closest } from '@cb/protocol/internal';
import { booleanOption, checkFields, choiceOption, integerOption } from '../base/check-options.js';
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

/** An error of the query service that a rule answers with. */
export interface FaultError {
  /** Its number, from 1000. */
  readonly code: number;
  /** What is wrong. Default "Injected fault". */
  readonly msg?: string | undefined;
  /** Whether the same statement may succeed later, as clients are told. Default not told. */
  readonly retry?: boolean | undefined;
  /** What is told below the message. Default nothing. */
  readonly reason?: Readonly<Record<string, unknown>> | undefined;
}

/** A service that rules are about. */
export type FaultyServiceName = 'kv' | 'http' | 'query';

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
  /**
   * `query` is the query service's statements, `http` everything over HTTP. Default `http` when there is a `path`, `query`
   * when there is a `statement` or `errors`, else `kv`.
   */
  readonly service?: FaultyServiceName | undefined;
  /** KV: the request's opcode, as a number or by its name. Default all. */
  readonly opcode?: number | OpcodeName | undefined;
  /** KV: the document's key, without its collection. Default all requests, those without a key too. */
  readonly key?: string | RegExp | undefined;
  /** HTTP: the path, without the query. Default all. */
  readonly path?: string | RegExp | undefined;
  /** Query: the text of the statement, or the name of the prepared one that is to be run. Default all. */
  readonly statement?: string | RegExp | undefined;
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
  /**
   * Query: answers with these errors, at least one, and does not run the statement. The status over HTTP is that of the
   * first.
   */
  readonly errors?: readonly FaultError[] | undefined;
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
  'statement',
  'after',
  'times',
  'probability',
  'delay',
  'answer',
  'errors',
  'drop',
  'truncate',
  'split',
  'reset',
  'config',
] as const satisfies readonly (keyof FaultRule)[];

const EFFECTS = ['delay', 'answer', 'errors', 'drop', 'truncate', 'split', 'reset', 'config'] as const;
/** The services that a field has a meaning for, where that is not all of them. */
const MEANT_FOR = {
  opcode: ['kv'],
  key: ['kv'],
  path: ['http'],
  statement: ['query'],
  errors: ['query'],
} as const satisfies Partial<Record<keyof FaultRule, readonly FaultyServiceName[]>>;
const WAYS: readonly ConfigWay[] = ['push', 'push-brief', 'not-my-vbucket'];
const COUNT_MAX = Number.MAX_SAFE_INTEGER;
const BYTES_MAX = 2 ** 31;

/** A rule that was checked, with its defaults. */
export interface CheckedRule extends Omit<FaultRule, 'opcode' | 'split'> {
  readonly service: FaultyServiceName;
  readonly opcode: number | undefined;
  readonly split: Split | undefined;
}

/**
 * @throws ArgumentError for a field that is unknown, of the wrong type, out of range, or incompatible with the others.
 */
export function checkRule(rule: FaultRule): CheckedRule {
  checkFields(rule, FIELDS, 'rule');
  const service = choiceOption(rule.service, 'service', ['kv', 'http', 'query'], serviceMeant(rule));
  for (const [field, services] of Object.entries(MEANT_FOR)) {
    if (rule[field as keyof typeof MEANT_FOR] !== undefined && !(services as readonly string[]).includes(service)) {
      throw new ArgumentError(`${field} has no meaning for the service ${service}`);
    }
  }
  const effects = EFFECTS.filter((effect) => rule[effect] !== undefined);
  if (effects.length === 0) throw new ArgumentError(`rule must do something: one of ${EFFECTS.join(', ')}`);
  checkMatch(rule);
  checkEffects(rule);
  if (rule.config !== undefined) checkConfig(rule, rule.config);
  return { ...rule, service, opcode: opcodeOf(rule.opcode), split: splitOf(rule.split) };
}

function serviceMeant({ path, statement, errors }: FaultRule): FaultyServiceName {
  if (statement !== undefined || errors !== undefined) return 'query';
  return path === undefined ? 'kv' : 'http';
}

function checkMatch({ key, path, statement, after, times, probability }: FaultRule): void {
  checkPattern(key, 'key');
  checkPattern(path, 'path');
  checkPattern(statement, 'statement');
  integerOption(after, 'after', 0, COUNT_MAX, 0);
  integerOption(times, 'times', 1, COUNT_MAX, 1);
  if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
    throw new ArgumentError(`probability must be from 0 to 1, not ${String(probability)}`);
  }
}

function checkEffects({ delay, answer, errors, drop, truncate, reset }: FaultRule): void {
  if (delay !== undefined) checkDelay(delay);
  if (answer !== undefined) {
    checkFields(answer, ['status', 'body'], 'answer');
    integerOption((answer as FaultAnswer).status, 'answer.status', 0, 0xffff, -1);
    if ((answer as FaultAnswer).status === undefined) throw new ArgumentError('answer.status is missing');
  }
  if (errors !== undefined) checkErrors(errors);
  choiceOption(drop, 'drop', ['request', 'answer'], 'request');
  integerOption(truncate, 'truncate', 0, BYTES_MAX, 0);
  if (reset !== true) integerOption(reset, 'reset', 0, BYTES_MAX, 0);
}

function checkErrors(errors: unknown): void {
  if (!Array.isArray(errors) || errors.length === 0) throw new ArgumentError('errors must be a list of at least one');
  for (const [index, error] of errors.entries()) {
    const name = `errors[${index}]`;
    checkFields(error, ['code', 'msg', 'retry', 'reason'], name);
    const { code, msg, retry } = error as FaultError;
    if (code === undefined) throw new ArgumentError(`${name}.code is missing`);
    integerOption(code, `${name}.code`, 1000, 0xffff, -1);
    if (msg !== undefined && typeof msg !== 'string') throw new ArgumentError(`${name}.msg must be a string`);
    booleanOption(retry, `${name}.retry`, false);
  }
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
