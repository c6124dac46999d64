import { types } from 'node:util';
import type { Delay } from './delay.js';
import type { CheckedRule, FaultAnswer, FaultError } from './fault-rule.js';
import type { Distortion } from './paced-output.js';

/** The effects on one request, of all the rules that act on it. */
export interface FaultPlan {
  readonly delayMs: number;
  /** Whether the request is served at all, or forgotten, or breaks its connection. */
  readonly request: 'serve' | 'drop' | 'reset';
  readonly answer: FaultAnswer | undefined;
  /** Of the query service. */
  readonly errors: readonly FaultError[] | undefined;
  readonly dropsAnswer: boolean;
  /** Undefined when the answer leaves as it is. */
  readonly distortion: Distortion | undefined;
}

/** Takes rules together: delays add up, of everything else the first one counts. */
export function planOf(rules: readonly CheckedRule[], draw: (delay: Delay) => number): FaultPlan {
  const first = <F extends keyof CheckedRule>(field: F): CheckedRule[F] | undefined =>
    rules.find((rule) => rule[field] !== undefined)?.[field];
  const [drop, reset] = [first('drop'), first('reset')];
  const resetAfter = reset === true ? undefined : reset;
  const distortion = { split: first('split'), truncate: first('truncate'), resetAfter };
  return {
    delayMs: rules.reduce((sum, { delay }) => sum + (delay === undefined ? 0 : draw(delay)), 0),
    request: reset === true ? 'reset' : drop === 'request' ? 'drop' : 'serve',
    answer: first('answer'),
    errors: first('errors'),
    dropsAnswer: drop === 'answer',
    distortion: Object.values(distortion).some((value) => value !== undefined) ? distortion : undefined,
  };
}

/** The body of an answer as bytes. */
export function answerOf({ body }: FaultAnswer): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === 'string' || types.isUint8Array(body)) return Buffer.from(body as string);
  return Buffer.from(JSON.stringify(body));
}
