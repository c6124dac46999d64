import { sortedNames } from '../values/collation.js';
import { isObject, type ObjectValue, type Value } from '../values/value.js';
import type { FunctionSpec } from './function-spec.js';
import { isArray, isArrayOrObject, isNumber, isString, MANY, ranged, unusable } from './operands.js';
import { type Pattern, patternOf, quoted } from './pattern.js';

/** What is done to members whose name a pattern matches. */
interface Rule {
  readonly pattern: Pattern | undefined;
  readonly ignoresCase: boolean;
  readonly options: ObjectValue;
}

/** What is done to a value: hide it, name it by its place, hide signs and booleans too. */
interface Treatment {
  readonly hides: boolean;
  readonly renames: boolean;
  readonly isStrict: boolean;
}

const UNTOUCHED: Treatment = { hides: false, renames: false, isStrict: false };
const SIGN = /[\p{P}\p{S}\p{White_Space}]/u;
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** The function that hides values of an object and keeps its shape. */
export const REDACTION: readonly FunctionSpec[] = [
  ranged(['redact'], [1, MANY], 'object', (_context, object, ...options) => {
    if (!isObject(object)) return unusable([object]);
    return options.every(isObject)
      ? redacted(object, rulesOf(options as ObjectValue[]), '', UNTOUCHED)
      : unusable(options);
  }),
];

function rulesOf(options: readonly ObjectValue[]): readonly Rule[] {
  const rules = options.filter(({ pattern }) => pattern !== '').map(ruleOf);
  return rules.length > 0 ? rules : [{ pattern: undefined, ignoresCase: false, options: {} }];
}

function ruleOf(options: ObjectValue): Rule {
  const { pattern, regex, exact, ignorecase } = options;
  const ignoresCase = ignorecase === true;
  if (!isString(pattern)) return { pattern: undefined, ignoresCase, options };
  const plain = regex === false ? quoted(pattern) : pattern;
  const text = exact === true ? `^(?:${plain})$` : plain;
  return { pattern: patternOf(ignoresCase ? text.toLowerCase() : text), ignoresCase, options };
}

function redacted(object: ObjectValue, rules: readonly Rule[], base: string, outer: Treatment): ObjectValue {
  const entries: [string, Value][] = [];
  for (const [at, name] of sortedNames(object).entries()) {
    const rule = rules.find(
      ({ pattern, ignoresCase }) => pattern?.isIn(ignoresCase ? name.toLowerCase() : name) ?? true,
    );
    if (rule?.options['omit'] === true) continue;
    const treatment = rule === undefined ? outer : treatmentOf(rule.options, outer);
    const place = `${base === '' ? '' : `${base}_`}f${String(at).padStart(4, '0')}`;
    const shown = treatment.renames ? place : name;
    entries.push([shown, redactedValue(object[name], rules, shown, treatment)]);
  }
  return Object.fromEntries(entries);
}

function treatmentOf({ name, strict }: ObjectValue, outer: Treatment): Treatment {
  return {
    hides: true,
    renames: typeof name === 'boolean' ? name : outer.renames,
    isStrict: typeof strict === 'boolean' ? strict : outer.isStrict,
  };
}

function redactedValue(value: Value, rules: readonly Rule[], name: string, treatment: Treatment): Value {
  if (isObject(value)) return redacted(value, rules, name, treatment);
  if (!isArray(value)) return treatment.hides ? hidden(value, treatment.isStrict) : value;
  return value.map((element) => {
    if (!isArrayOrObject(element)) return treatment.hides ? hidden(element, treatment.isStrict) : element;
    return isObject(element) ? redacted(element, rules, name, treatment) : {};
  });
}

function hidden(value: Value, isStrict: boolean): Value {
  if (typeof value === 'boolean') return isStrict ? false : value;
  if (isNumber(value)) return hiddenNumber(value);
  if (!isString(value)) return value;
  const sign = !isStrict && DATE.test(value) ? '1' : 'x';
  return [...value].map((character) => (isStrict || !SIGN.test(character) ? sign : character)).join('');
}

function hiddenNumber(number: number | bigint): number | bigint {
  const text = String(number).replace(/\d/g, '1');
  if (typeof number === 'number') return Number(text);
  const integer = BigInt(text);
  return BigInt.asIntN(64, integer) === integer ? integer : number < 0 ? -(2n ** 63n) : 2n ** 63n - 1n;
}
