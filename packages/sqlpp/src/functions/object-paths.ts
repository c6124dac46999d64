import { compareStrings, sortedNames } from '../values/collation.js';
import { isObject, type ObjectValue, typeName, type Value } from '../values/value.js';
import type { FunctionSpec } from './function-spec.js';
import { isArray, isArrayOrObject, isString, ranged, withOptions } from './operands.js';
import { type Pattern, patternOf, quoted } from './pattern.js';

type Options = ObjectValue;
type Container = ObjectValue | readonly Value[];
type Entry = readonly [name: string, value: Value];

/** Functions that name what is inside values by paths as "a.b[0]". */
export const OBJECT_PATHS: readonly FunctionSpec[] = [
  ranged(['object_paths'], [1, 2], 'array', withOptions(isArrayOrObject, paths)),
  ranged(['object_pairs_nested'], [1, 2], 'array', withOptions(isArrayOrObject, pairs)),
  ranged(['object_filter'], [1, 2], 'array', withOptions(isArrayOrObject, filter)),
];

/** What of the paths is meant: a pattern for the path, or for one name in it. */
class PathFilter {
  readonly #pattern: Pattern | undefined;
  readonly #ignoresCase: boolean;
  readonly #isOfNames: boolean;

  constructor(options: Options) {
    this.#ignoresCase = options['ignorecase'] === true;
    this.#isOfNames = options['patternspace'] === 'field';
    const text = patternText(options);
    if (text !== '') this.#pattern = patternOf(this.#ignoresCase ? text.toLowerCase() : text);
  }

  isMet(path: string): boolean {
    const pattern = this.#pattern;
    if (pattern === undefined) return true;
    const text = this.#ignoresCase ? path.toLowerCase() : path;
    if (!this.#isOfNames) return pattern.isIn(text);
    return (text.match(/(?:[^.`]|`[^`]*`)+/g) ?? []).some((name) => pattern.isIn(name));
  }
}

function patternText({ pattern, regex, exact }: Options): string {
  if (!isString(pattern) || pattern === '') return '';
  const text = regex === false ? quoted(pattern) : pattern;
  if (exact !== true) return text;
  return `${text.startsWith('^') ? '' : '^'}${text}$`;
}

function paths(value: Container, options: Options): Value {
  const walk = new PathWalk(options);
  walk.enter('', value, false);
  walk.names.sort(compareStrings);
  return options['unique'] === false ? walk.names : walk.names.filter((name, at) => name !== walk.names[at - 1]);
}

/** Collects the paths of OBJECT_PATHS. */
class PathWalk {
  readonly names: string[] = [];
  readonly #filter: PathFilter;
  readonly #isForIndex: boolean;
  readonly #hasComposites: boolean;
  readonly #hasPlaces: boolean;

  constructor(options: Options) {
    this.#filter = new PathFilter(options);
    this.#isForIndex = options['index'] === true;
    this.#hasComposites = !this.#isForIndex && options['composites'] !== false;
    this.#hasPlaces = !this.#isForIndex && options['arraysubscript'] !== false;
  }

  enter(path: string, value: Value, isElement: boolean): void {
    if (isArray(value)) {
      for (const [at, element] of value.entries()) {
        this.enter(this.#hasPlaces ? `${path}[${at}]` : path, element, !this.#hasPlaces);
      }
    } else if (isObject(value)) {
      const star = this.#isForIndex ? '[]' : '[*]';
      const before = path === '' ? '' : `${path}${isElement ? star : ''}.`;
      for (const [name, inside] of Object.entries(value)) {
        const inner = before + pathName(name, this.#isForIndex);
        if (this.#hasComposites) this.#add(inner);
        this.enter(inner, inside, false);
      }
    } else if (!this.#hasComposites) this.#add(path);
  }

  #add(path: string): void {
    if (this.#filter.isMet(path)) this.names.push(path);
  }
}

/** Escapes a name that a path could not hold as it is. */
function pathName(name: string, always: boolean): string {
  return always || /[ \t.`]/.test(name) ? `\`${name.replaceAll('`', '\\u0060')}\`` : name;
}

function pairs(value: Container, options: Options): Value {
  const walk = new PairWalk(options);
  walk.enter('', '', value);
  const ordered = walk.entries.sort(([a], [b]) => compareStrings(a, b));
  const withTypes = options['types'] === true && options['index'] !== true;
  return ordered.map(([name, inside]) => (withTypes ? { name, type: typeName(inside) } : { name, val: inside }));
}

/** Collects the paths and values of OBJECT_PAIRS_NESTED. */
class PairWalk {
  readonly entries: Entry[] = [];
  readonly #filter: PathFilter;
  readonly #isForIndex: boolean;
  readonly #hasComposites: boolean;
  readonly #reportsNames: boolean;

  constructor(options: Options) {
    this.#filter = new PathFilter(options);
    this.#isForIndex = options['index'] === true;
    this.#hasComposites = !this.#isForIndex && options['composites'] === true;
    this.#reportsNames = options['report'] === 'field';
  }

  enter(path: string, name: string, value: Value): void {
    if (isArray(value)) {
      value.forEach((element, at) => {
        const place = this.#isForIndex ? '[]' : `[${at}]`;
        this.#addComposite(path + place, name + place, element);
        this.enter(path + place, '', element);
      });
    } else if (isObject(value)) {
      for (const [own, inside] of Object.entries(value)) {
        const escaped = pathName(own, this.#isForIndex);
        const inner = path === '' ? escaped : `${path}.${escaped}`;
        this.#addComposite(inner, own, inside);
        this.enter(inner, own, inside);
      }
    } else this.#add(path, name, value);
  }

  #addComposite(path: string, name: string, value: Value): void {
    if (this.#hasComposites && isArrayOrObject(value)) this.#add(path, name, value);
  }

  #add(path: string, name: string, value: Value): void {
    if (this.#filter.isMet(path)) this.entries.push([this.#reportsNames ? name : path, value]);
  }
}

/** Keeps of a value what is at the paths that are meant; what is left empty goes. */
function filter(value: Container, options: Options): Value {
  const filtered = new PathFilter(options);
  const hasComposites = options['composites'] !== false;
  const hasPlaces = options['arraysubscript'] !== false;
  const kept = (path: string, inside: Value, isElement: boolean): Value => {
    if (isArray(inside)) {
      const elements = inside.map((element, at) => kept(hasPlaces ? `${path}[${at}]` : path, element, !hasPlaces));
      return unlessEmpty(elements.filter((element) => element !== undefined));
    }
    if (!isObject(inside)) return !hasComposites && filtered.isMet(path) ? inside : undefined;
    const before = path === '' ? '' : `${path}${isElement ? '[*]' : ''}.`;
    const entries = sortedNames(inside).map((name): Entry => {
      const inner = before + pathName(name, false);
      return [name, hasComposites && filtered.isMet(inner) ? inside[name] : kept(inner, inside[name], false)];
    });
    return unlessEmpty(Object.fromEntries(entries.filter(([, found]) => found !== undefined)));
  };
  return kept('', value, false) ?? null;
}

function unlessEmpty(value: Container): Container | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
