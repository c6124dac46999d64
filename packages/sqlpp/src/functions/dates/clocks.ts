import type { Value } from '../../values/value.js';
import type { FunctionContext, FunctionSpec } from '../function-spec.js';
import { isString, unusable } from '../operands.js';
import { localZone } from './date-argument.js';
import { printDate } from './date-text.js';
import { fromMillis } from './date-time.js';
import { DEFAULT_FORMAT, formatOf } from './format-argument.js';
import { findZone, UTC, type Zone } from './zone.js';

type Time = (context: FunctionContext) => number;

const statementTime: Time = ({ startedAtMs }) => startedAtMs;

const clockTime: Time = (context) => context.clockMs();

function print(time: number, zone: Zone | undefined, format: Value): Value {
  if (zone === undefined || !isString(format)) return unusable([format]);
  return printDate(fromMillis(time, zone), format === '' ? DEFAULT_FORMAT : formatOf(format));
}

function family(prefix: string, time: Time, deterministic: boolean): FunctionSpec[] {
  const described = (
    names: readonly string[],
    [minArguments, maxArguments]: readonly [number, number],
    returns: 'number' | 'string',
    evaluate: FunctionSpec['evaluate'],
  ): FunctionSpec => ({
    names: names.map((name) => `${prefix}_${name}`),
    minArguments,
    maxArguments,
    returns,
    deterministic,
    evaluate,
  });
  return [
    described(['millis'], [0, 0], 'number', (context) => time(context)),
    described(['str', 'local'], [0, 1], 'string', (context, ...operands) =>
      print(time(context), localZone(context), operands.length > 0 ? operands[0] : ''),
    ),
    described(['utc'], [0, 1], 'string', (context, ...operands) =>
      print(time(context), UTC, operands.length > 0 ? operands[0] : ''),
    ),
    described(['tz'], [1, 2], 'string', (context, ...operands) => {
      const [name] = operands;
      if (!isString(name)) return unusable(operands);
      return print(time(context), findZone(name, context.zone), operands.length > 1 ? operands[1] : '');
    }),
  ];
}

/** NOW_ functions stand still for a statement, CLOCK_ functions go on. */
export const CLOCKS: readonly FunctionSpec[] = [
  ...family('now', statementTime, false),
  ...family('clock', clockTime, false),
];
