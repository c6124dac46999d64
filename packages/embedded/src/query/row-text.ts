import type { Value } from '@cb/sqlpp';
import type { Engine } from './engine.js';

/** Maximum number of names whose texts are kept. */
const NAMES_MAX = 1000;

/** Prints rows and signatures: their names in the order of the projection, or sorted if that is asked for. */
export class RowText {
  readonly #engine: Engine;
  readonly #sorts: boolean;
  /** Names as JSON, with the colon behind. */
  readonly #names = new Map<string, string>();

  constructor(engine: Engine, sorts: boolean) {
    this.#engine = engine;
    this.#sorts = sorts;
  }

  text(value: Value): string {
    const { isObject, jsonText } = this.#engine;
    if (this.#sorts || !isObject(value)) return jsonText(value);
    let text = '';
    for (const name of Object.keys(value)) {
      const member = value[name];
      if (member !== undefined) text += (text === '' ? '{' : ',') + this.#name(name) + jsonText(member);
    }
    return text === '' ? '{}' : `${text}}`;
  }

  #name(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const text = `${JSON.stringify(name)}:`;
    if (this.#names.size < NAMES_MAX) this.#names.set(name, text);
    return text;
  }
}
