import { setMember } from '../../expressions/paths.js';
import type { Evaluate, Row, Run } from '../../expressions/run.js';
import { isInteger } from '../../values/numbers.js';
import { isObject, type Value } from '../../values/value.js';
import type { Draft } from './draft.js';

/** A place of a document that SET and UNSET name. What is not there, or is not of the draft, stays as it is. */
export interface Place {
  /** Puts a value there; MISSING removes what is there. */
  set(row: Row, value: Value, draft: Draft, run: Run): void;
  unset(row: Row, draft: Draft, run: Run): void;
}

/** What a name of the statement stands for: the document itself, or a variable of FOR. */
export function slotPlace(slot: number): Place {
  return {
    set: (row, value) => {
      row[slot] = value;
    },
    unset: (row) => {
      row[slot] = undefined;
    },
  };
}

/** A member of an object; `nameIn` returns its name, or nothing if no member can have it. */
export function memberPlace(
  object: Evaluate,
  nameIn: (object: Value, row: Row, run: Run) => string | undefined,
): Place {
  const set = (row: Row, value: Value, draft: Draft, run: Run): void => {
    const target = draft.objectOf(object(row, run));
    const name = target === undefined ? undefined : nameIn(target, row, run);
    if (target === undefined || name === undefined) return;
    if (value === undefined) delete target[name];
    else setMember(target, name, value);
  };
  return { set, unset: (row, draft, run) => set(row, undefined, draft, run) };
}

/** Returns the name of the member that has a name, whatever its case; the name itself if there is none. */
export function nameOfAnyCase(object: Value, name: string): string {
  if (!isObject(object) || Object.hasOwn(object, name)) return name;
  const lower = name.toLowerCase();
  const found = Object.keys(object)
    .sort()
    .find((each) => each.toLowerCase() === lower);
  return found ?? name;
}

/** An element of an array. An index beyond the end makes the array longer; UNSET leaves elements where they are. */
export function elementPlace(container: Place, array: Evaluate, index: Evaluate): Place {
  return {
    set: (row, value, draft, run) => {
      const target = draft.arrayOf(array(row, run));
      const place = index(row, run);
      if (target === undefined || !isInteger(place)) return;
      const at = Number(place) < 0 ? target.length + Number(place) : Number(place);
      if (at < 0) return;
      if (at < target.length) {
        target[at] = value ?? null;
        return;
      }
      const longer = draft.extended(target, lengthFor(at, run));
      longer[at] = value ?? null;
      container.set(row, longer, draft, run);
    },
    unset: () => undefined,
  };
}

/** Bytes that an element which is added holds, about. */
const BYTES_OF_ELEMENT = 8;

function lengthFor(at: number, run: Run): number {
  run.hold((at + 1) * BYTES_OF_ELEMENT);
  return at + 1;
}
