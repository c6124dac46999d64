import { isInteger } from '../values/numbers.js';
import { isObject, type ObjectValue, type Value } from '../values/value.js';
import { EvaluationError } from './evaluation-error.js';
import { fieldOf } from './field-path.js';
import type { FunctionSpec } from './function-spec.js';
import { isArray, isString, ranged, withOptions } from './operands.js';

/** First and last time of a range that is asked for, in the unit of the series. */
type Range = readonly [first: Value, last: Value];

/** Where in the document the parts of a series are. */
interface Paths {
  readonly data: string;
  readonly interval: string;
  readonly start: string;
  readonly end: string;
}

/** The function that makes the points of a time series that a document holds into objects. */
export const TIME_SERIES: readonly FunctionSpec[] = [
  ranged(['_timeseries'], [1, 2], 'array', withOptions(isObject, pointsOf)),
];

function pointsOf(document: ObjectValue, options: ObjectValue): Value {
  const paths: Paths = {
    data: pathOf(options, 'ts_data'),
    interval: pathOf(options, 'ts_interval'),
    start: pathOf(options, 'ts_start'),
    end: pathOf(options, 'ts_end'),
  };
  const data = fieldOf(document, paths.data);
  const interval = fieldOf(document, paths.interval) ?? 0;
  const start = fieldOf(document, paths.start);
  const end = fieldOf(document, paths.end);
  if (!isArray(data) || !isInteger(interval) || !isInteger(start) || !isInteger(end)) return null;
  const ranges = rangesOf(options['ts_ranges']);
  const isMeant = (time: number | bigint): boolean => ranges === undefined || ranges.some((range) => isIn(time, range));
  const points: Value[] = [];
  for (const [at, point] of data.entries()) {
    const isRegular = interval > 0;
    const values = isArray(point) ? point : isRegular ? [point] : [];
    const time = isRegular ? Number(start) + at * Number(interval) : values[0];
    if (!isInteger(time) || !isMeant(time)) continue;
    points.push({ _t: time, ...membersOf(isRegular ? values : values.slice(1), options['ts_project']) });
  }
  return points;
}

/** @throws EvaluationError if the option is there and is not the text of a path */
function pathOf(options: ObjectValue, name: string): string {
  const path = options[name] ?? name;
  if (!isString(path)) throw new EvaluationError(`'${name}' must be string in the second argument.`);
  if (path === '') throw new EvaluationError(`'${name}' invalid in the second argument.`);
  return path;
}

/** Takes one range or a list of them. Without the option all times are meant; without a valid range, none. */
function rangesOf(option: Value): readonly Range[] | undefined {
  if (option === undefined) return undefined;
  const listed = isArray(option) ? (isArray(option[0]) ? option : [option]) : [];
  return listed.filter(isArray).map(([first, last]) => [first, last] as const);
}

function isIn(time: number | bigint, [first, last]: Range): boolean {
  return isInteger(first) && isInteger(last) && time >= first && time <= last;
}

/** Names the values of a point by their places; a projection chooses places. */
function membersOf(values: readonly Value[], project: Value): ObjectValue {
  const places = project === undefined ? undefined : isArray(project) ? project : [project];
  const members = values.map((value, at) => [`_v${at}`, value] as const);
  return Object.fromEntries(members.filter(([, value], at) => value !== undefined && (places?.includes(at) ?? true)));
}
