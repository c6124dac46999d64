import type { Expression, Variable, VariableOrigin } from '../syntax/expression.js';

/** Gives slots of a row to names. */
export class Frame {
  #size: number;

  /** @param base slots in front, which hold the row of what is around */
  constructor(readonly base: number) {
    this.#size = base;
  }

  /** Number of slots that rows have. */
  get size(): number {
    return this.#size;
  }

  allocate(count = 1): number {
    const slot = this.#size;
    this.#size += count;
    return slot;
  }
}

export interface NewName {
  readonly name: string;
  readonly origin: VariableOrigin;
  readonly slot: number;
  readonly hasMeta?: boolean;
  /** Of a keyspace without an alias: below, the name alone is the keyspace again. */
  readonly isKeyspace?: boolean;
}

/** The names that expressions of a select see; behind them those of the selects around it. */
export class Scope {
  readonly frame: Frame;
  readonly #names = new Map<string, Variable>();
  readonly #sources: Variable[] = [];
  readonly #references = new Set<number>();
  readonly #expressions: Expression[] = [];
  readonly #keyspaces = new Set<string>();

  constructor(
    readonly outer: Scope | undefined,
    frame?: Frame,
    /** Whether the names belong to a select of their own, or are added to those of the scope around. */
    readonly isSelect = true,
  ) {
    this.frame = frame ?? new Frame(outer?.frame.size ?? 0);
  }

  /** Aliases of FROM, in their order. */
  get sources(): readonly Variable[] {
    return this.#sources;
  }

  /** Slots of what stands around the select that something inside names. */
  get references(): ReadonlySet<number> {
    return this.#references;
  }

  /** The expressions of the select, their names resolved. */
  get expressions(): readonly Expression[] {
    return this.#expressions;
  }

  /** Notes an expression of the select. */
  addExpression(expression: Expression): void {
    this.#expressions.push(expression);
  }

  addReference(slot: number): void {
    this.#references.add(slot);
  }

  add({ name, origin, slot, hasMeta = false, isKeyspace = false }: NewName): Variable {
    if (isKeyspace) this.#keyspaces.add(name);
    const variable: Variable = { kind: 'variable', name, slot, hasMeta, origin, at: 0 };
    this.#names.set(name, variable);
    if (origin === 'source') this.#sources.push(variable);
    return variable;
  }

  /** Names that SELF has: of FROM and of LET. */
  get visible(): readonly Variable[] {
    return [...this.#names.values()].filter(({ origin }) => origin === 'source' || origin === 'let');
  }

  hasOwn(name: string): boolean {
    return this.#names.has(name);
  }

  /** Whether a name is given already, here or around. */
  isTaken(name: string): boolean {
    return this.#names.has(name) || (this.outer?.isTaken(name) ?? false);
  }

  /** Whether a name is that of a keyspace, which it was given by without an alias. */
  isKeyspace(name: string): boolean {
    return this.#names.has(name) ? this.#keyspaces.has(name) : (this.outer?.isKeyspace(name) ?? false);
  }

  own(name: string): Variable | undefined {
    return this.#names.get(name);
  }

  /** Finds what a name stands for, from the inside out; notes which selects it comes into from outside. */
  find(name: string): Variable | undefined {
    const crossed: Scope[] = [];
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.outer) {
      const found = scope.#names.get(name);
      if (found !== undefined) {
        const isConstant = found.origin === 'with' && scope.outer === undefined;
        if (!isConstant) for (const each of crossed) each.addReference(found.slot);
        return found;
      }
      if (scope.isSelect) crossed.push(scope);
    }
    return undefined;
  }

  /** The nearest scope of a select. */
  get select(): Scope {
    return this.isSelect || this.outer === undefined ? this : this.outer.select;
  }
}
