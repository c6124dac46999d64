import {
  type FunctionCatalog,
  type FunctionDefinition,
  type FunctionName,
  functionText,
} from '../keyspaces/function-catalog.js';

/** Functions of users in memory, by their names. */
export class FunctionStore implements FunctionCatalog {
  readonly #definitions = new Map<string, FunctionDefinition>();

  /** All functions, in the order of their creation. */
  definitions(): Iterable<FunctionDefinition> {
    return this.#definitions.values();
  }

  /** Finds a function. */
  find(name: FunctionName): FunctionDefinition | undefined {
    return this.#definitions.get(functionText(name));
  }

  /** Keeps a function, in the place of another of its name. */
  put(definition: FunctionDefinition): void {
    this.#definitions.set(functionText(definition.name), definition);
  }

  /** Forgets a function. */
  remove(name: FunctionName): void {
    this.#definitions.delete(functionText(name));
  }
}
