import { setMember } from '../../expressions/paths.js';
import { isObject, type Value } from '../../values/value.js';

/** An object of a draft, which may be changed. */
export type DraftObject = Record<string, Value>;

/**
 * The objects and arrays that a change of a document may change: those of its copy. What else an expression gives, as
 * other documents and constants, stays as it is.
 */
export class Draft {
  readonly #own = new Set<Value>();

  /** Copies a value at every depth; the copy may be changed. */
  copy(value: Value): Value {
    if (Array.isArray(value)) return this.#keep((value as readonly Value[]).map((element) => this.copy(element)));
    if (!isObject(value)) return value;
    const object: DraftObject = {};
    for (const name of Object.keys(value)) setMember(object, name, this.copy(value[name]));
    return this.#keep(object);
  }

  /** Returns an object that may be changed, or nothing. */
  objectOf(value: Value): DraftObject | undefined {
    return isObject(value) && this.#own.has(value) ? (value as DraftObject) : undefined;
  }

  /** Returns an array that may be changed, or nothing. */
  arrayOf(value: Value): Value[] | undefined {
    return Array.isArray(value) && this.#own.has(value) ? (value as Value[]) : undefined;
  }

  /** Returns a longer copy of an array of the draft; NULL stands in the places between. */
  extended(array: readonly Value[], length: number): Value[] {
    const longer = new Array<Value>(length).fill(null);
    for (let at = 0; at < array.length; at++) longer[at] = array[at];
    return this.#keep(longer);
  }

  #keep<T extends Value>(value: T): T {
    this.#own.add(value);
    return value;
  }
}
