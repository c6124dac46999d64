import { isObject, type ObjectValue, type Value } from '../values/value.js';
import { isArray } from './operands.js';

/** A step from a value to one inside: a member, an element, a range of elements, or every element. */
type Step =
  | { readonly kind: 'member'; readonly name: string; readonly ignoresCase: boolean }
  | { readonly kind: 'element'; readonly place: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'all' };

type Steps = readonly Step[];

const MEMBER = /(?:^|\.)(?:([A-Za-z_][A-Za-z0-9_]*)|`((?:[^`\\]|``|\\.)*)`(i?))/y;
const BRACKET = /\[(?:(\*)|(-?\d+)|(\d*):(\d*))\]/y;

/** Returns what is at a path as "a.b[0]"; NULL if the text is not a path, MISSING if there is nothing. */
export function fieldOf(object: ObjectValue, path: string): Value {
  const steps = stepsOf(path);
  return steps === undefined ? null : valueAt(object, steps);
}

/** Returns a copy without what is at a path; NULL if the text is not a path. */
export function withoutField(value: Value, path: string): Value {
  const steps = stepsOf(path);
  return steps === undefined ? null : removed(value, steps);
}

function stepsOf(path: string): Steps | undefined {
  const steps: Step[] = [];
  const text = path.trim();
  for (let at = 0; at < text.length; ) {
    MEMBER.lastIndex = at;
    BRACKET.lastIndex = at;
    const member = MEMBER.exec(text);
    const bracket = member || steps.length === 0 ? null : BRACKET.exec(text);
    if (member) steps.push(memberStep(member));
    else if (bracket) steps.push(bracketStep(bracket));
    else return undefined;
    at += (member ?? (bracket as RegExpExecArray))[0].length;
  }
  return steps.length === 0 ? undefined : steps;
}

function memberStep([, plain, escaped, suffix]: RegExpExecArray): Step {
  const name = plain ?? (escaped as string).replaceAll('``', '`');
  return { kind: 'member', name, ignoresCase: suffix === 'i' };
}

function bracketStep([, star, place, from, to]: RegExpExecArray): Step {
  if (star) return { kind: 'all' };
  if (place !== undefined) return { kind: 'element', place: Number(place) };
  return { kind: 'range', from: Number(from || 0), to: to ? Number(to) : Infinity };
}

function valueAt(value: Value, steps: Steps): Value {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (step.kind === 'member') {
    const name = isObject(value) ? nameIn(value, step) : undefined;
    return name === undefined ? undefined : valueAt((value as ObjectValue)[name], rest);
  }
  if (!isArray(value)) return step.kind === 'element' ? undefined : null;
  if (step.kind === 'element') return valueAt(value.at(step.place), rest);
  if (step.kind === 'all') return value.map((element) => valueAt(element, rest) ?? null);
  return valueAt(value.slice(step.from, step.to), rest);
}

function nameIn(object: ObjectValue, { name, ignoresCase }: Step & { readonly kind: 'member' }): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  return ignoresCase ? Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase()) : undefined;
}

function removed(value: Value, steps: Steps): Value {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (step.kind === 'member') {
    const name = isObject(value) ? nameIn(value, step) : undefined;
    if (name === undefined) return value;
    const { [name]: inside, ...others } = value as ObjectValue;
    return rest.length === 0 ? others : { ...others, [name]: removed(inside, rest) };
  }
  if (!isArray(value)) return value;
  const isMeant = placesOf(step);
  if (rest.length === 0) return value.filter((_element, at) => !isMeant(at));
  return value.map((element, at) => (isMeant(at) ? removed(element, rest) : element));
}

function placesOf(step: Step): (at: number) => boolean {
  if (step.kind === 'element') return (at) => at === step.place;
  return step.kind === 'range' ? (at) => at >= step.from && at < step.to : () => true;
}
