import type { SeededRandom } from '@cb/raw/simulation';

/** Values that are where others do not expect them. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  0.1,
  65_536,
  '',
  '0',
  '127.0.0.1:1',
  '$HOST:0',
  '\u0000',
  '\ud800',
  '__proto__',
  [],
  [[]],
  {},
  { length: 2 ** 31 },
];

const DEPTHS = [50, 2000, 100_000] as const;
const REPEATS = [2, 17, 1000, 20_000] as const;
/** Texts do not grow beyond this by one mutation. */
const TEXT_BYTES_MAX = 1024 * 1024;

type Holder = Record<string, unknown> | unknown[];

/** Changes the structure of a JSON text; undefined when it is not JSON. */
export function mutateJson(text: string, random: SeededRandom): string | undefined {
  let root: unknown;
  try {
    root = JSON.parse(text);
    // What is too deep to be written, as this may have made it before, has no structure to be changed.
    JSON.stringify(root);
  } catch {
    return undefined;
  }
  if (random.chance(0.05)) return nested(text, random);
  if (typeof root !== 'object' || root === null) return JSON.stringify(random.pick(ODD_VALUES));
  const holders = holdersIn(root as Holder);
  const holder = random.pick(holders);
  const names = Object.keys(holder);
  if (names.length === 0 || random.chance(0.1)) return JSON.stringify(random.pick(ODD_VALUES));
  const name = random.pick(names);
  change(holder, name, random.pick(holders), random);
  const mutated = JSON.stringify(root);
  return mutated.length > TEXT_BYTES_MAX ? mutated.slice(0, TEXT_BYTES_MAX) : mutated;
}

function change(holder: Holder, name: string, other: Holder, random: SeededRandom): void {
  const members = holder as Record<string, unknown>;
  switch (random.between(0, 6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else delete holder[name];
      break;
    case 1:
      if (Array.isArray(holder)) repeat(holder, Number(name), random);
      else Object.defineProperty(holder, `${name}${name}`, { value: holder[name], enumerable: true });
      break;
    case 2: {
      // Not a part of itself: it would have no text.
      const text = JSON.stringify(other);
      members[name] = text.length < TEXT_BYTES_MAX / 16 ? JSON.parse(text) : null;
      break;
    }
    case 3:
      if (typeof members[name] === 'number') members[name] = members[name] + random.pick([-1, 1, 0.5, 1000]);
      else members[name] = String(members[name]);
      break;
    default:
      members[name] = random.pick(ODD_VALUES);
  }
}

/** Makes an element many of them, within reason. */
function repeat(list: unknown[], at: number, random: SeededRandom): void {
  const element = list[at];
  const bytes = JSON.stringify(element)?.length ?? 4;
  const count = Math.min(random.pick(REPEATS), Math.ceil(TEXT_BYTES_MAX / (bytes + 1)));
  for (let copy = 0; copy < count; copy++) list.push(element);
}

function holdersIn(root: Holder): Holder[] {
  const found: Holder[] = [root];
  for (let at = 0; at < found.length; at++) {
    for (const value of Object.values(found[at]!)) {
      if (typeof value === 'object' && value !== null) found.push(value as Holder);
    }
  }
  return found;
}

/** The text with something deep in it, in the place of a number or around the whole. */
function nested(text: string, random: SeededRandom): string {
  const depth = random.pick(DEPTHS);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  const isClosed = random.chance(0.8);
  const deep = `${open.repeat(depth)}0${isClosed ? close.repeat(depth) : ''}`;
  const number = /:\s*-?\d+/.exec(text);
  if (number === null || random.chance(0.3)) return deep;
  return `${text.slice(0, number.index)}:${deep}${text.slice(number.index + number[0].length)}`;
}
