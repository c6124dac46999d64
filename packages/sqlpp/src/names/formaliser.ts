import { findAggregate } from '../aggregates/families.js';
import type { Placed } from '../errors/placed.js';
import { mapChildren, mapWindow } from '../syntax/children.js';
import type {
  Binary,
  Binding,
  Call,
  Comprehension,
  Expression,
  Name,
  Quantified,
  SequenceValue,
  Subquery,
  SubqueryPlan,
} from '../syntax/expression.js';
import type { Select } from '../syntax/select.js';
import { StatementError } from '../text/syntax-error.js';
import { findWindowFunction } from '../windows/families.js';
import { Scope } from './scope.js';

/** What the clause that an expression stands in allows. */
export interface Clause {
  /** As messages name it. */
  readonly name: string;
  readonly aggregates: boolean;
  readonly windows: boolean;
}

export interface FormaliserHost extends Placed {
  /** Plans a subquery whose names may be those of a scope. */
  planSubquery(select: Select, scope: Scope): SubqueryPlan;
  /** Checks the name and the operands of a call of a function that is not an aggregate. */
  checkCall(call: Call): void;
}

const CODE_NAME = 3080;
const CODE_PLACE = 3100;
const CODE_SEMANTICS = 4000;
const CODE_META = 4310;
const CODE_DUPLICATE_VARIABLE = 3081;

/** Functions whose operand is an alias: what they tell is of the item, not of the value. */
const OF_ALIAS: ReadonlySet<string> = new Set(['meta', 'min_meta', 'search_meta', 'unnest_pos', 'unnest_position']);

/** Gives names in expressions the meaning that they have where they stand. */
export class Formaliser {
  readonly #host: FormaliserHost;
  readonly #clause: Clause;
  readonly #scope: Scope;
  readonly #inAggregate: boolean;
  /** Offset of the aggregate around. */
  readonly #aggregateAt: number | undefined;

  constructor(host: FormaliserHost, scope: Scope, clause: Clause, inAggregate = false, aggregateAt?: number) {
    this.#aggregateAt = aggregateAt;
    this.#host = host;
    this.#scope = scope;
    this.#clause = clause;
    this.#inAggregate = inAggregate;
  }

  formalise(expression: Expression): Expression {
    switch (expression.kind) {
      case 'name':
        return this.#name(expression);
      case 'binary':
        return swapped(this.#children(expression) as Binary);
      case 'quantified':
      case 'comprehension':
        return this.#bound(expression);
      case 'call':
        return this.#call(expression);
      case 'subquery':
        return this.#subquery(expression);
      case 'sequence value':
        return this.#sequenceValue(expression);
      default:
        return this.#children(expression);
    }
  }

  #children(expression: Expression): Expression {
    return mapChildren(expression, (child) => this.formalise(child));
  }

  #name(name: Name): Expression {
    const found = this.#scope.find(name.name);
    if (found !== undefined && name.caseInsensitive !== true) return { ...found, ...parenthesised(name), at: name.at };
    const { sources } = this.#scope.select;
    const [source] = sources;
    if (source === undefined || sources.length > 1) {
      throw this.#host.placed(CODE_NAME, `Ambiguous reference to field '${name.name}'`, name.at, '.');
    }
    const { caseInsensitive } = name;
    return {
      kind: 'field',
      object: { ...source, at: name.at },
      name: name.name,
      ...(caseInsensitive === true && { caseInsensitive }),
      ...parenthesised(name),
      at: name.at,
    };
  }

  #bound(expression: Quantified | Comprehension): Expression {
    const scope = new Scope(this.#scope, this.#scope.frame, false);
    const inner = new Formaliser(this.#host, scope, this.#clause, this.#inAggregate, this.#aggregateAt);
    const bindings = expression.bindings.map((binding) => this.#binding(binding, inner, scope));
    if (expression.kind === 'quantified') {
      return { ...expression, bindings, condition: inner.formalise(expression.condition) };
    }
    const { name, value, when } = expression;
    return {
      ...expression,
      bindings,
      name: name && inner.formalise(name),
      value: inner.formalise(value),
      when: when && inner.formalise(when),
    };
  }

  /** A source sees the bindings in front of it. */
  #binding(binding: Binding, inner: Formaliser, scope: Scope): Binding {
    const source = inner.formalise(binding.source);
    const slot = this.#bind(scope, binding.variable, binding.at);
    const { position } = binding;
    const positionSlot = position === undefined ? undefined : this.#bind(scope, position, binding.at);
    return { ...binding, source, slot, positionSlot };
  }

  #bind(scope: Scope, name: string, at: number): number {
    if (scope.hasOwn(name)) {
      throw this.#host.placed(CODE_DUPLICATE_VARIABLE, `Duplicate variable: '${name}' already in scope`, at, '.');
    }
    const slot = scope.frame.allocate();
    scope.add({ name, origin: 'binding', slot });
    return slot;
  }

  #call(call: Call): Expression {
    const name = call.path.length === 1 ? (call.path[0] as string).toLowerCase() : '';
    if (call.over !== undefined) return this.#windowCall(call, name);
    if (OF_ALIAS.has(name)) return this.#ofAlias(call);
    if (findAggregate(name) !== undefined) return this.#aggregate(call);
    this.#host.checkCall(call);
    return this.#children(call);
  }

  #aggregate(call: Call): Expression {
    this.#host.checkCall(call);
    if (this.#inAggregate) throw this.#semantic('Nested aggregates are not allowed', this.#aggregateAt ?? call.at);
    if (!this.#clause.aggregates) throw this.#semantic(`Aggregates not allowed in ${this.#clause.name}`, call.at);
    const inner = new Formaliser(this.#host, this.#scope, this.#clause, true, call.at);
    return inner.#children(call);
  }

  #windowCall(call: Call, name: string): Expression {
    this.#host.checkCall(call);
    if (this.#inAggregate) {
      throw this.#semantic('Window aggregates are not allowed inside Aggregates', call.at);
    }
    if (!this.#clause.windows) throw this.#semantic(`Window Aggregates not allowed in ${this.#clause.name}`, call.at);
    const noWindows = { ...this.#clause, windows: false };
    const inner = new Formaliser(this.#host, this.#scope, noWindows, false);
    const isWindow = findWindowFunction(name) !== undefined || findAggregate(name) !== undefined;
    if (!isWindow) return this.#children(call);
    const over = typeof call.over === 'object' ? mapWindow(call.over, (each) => inner.formalise(each)) : call.over;
    const operands = call.operands.map((operand) => inner.formalise(operand));
    return { ...call, operands, filter: call.filter && inner.formalise(call.filter), over };
  }

  #ofAlias(call: Call): Expression {
    const [operand] = call.operands;
    if (operand !== undefined) return this.#children(call);
    const { sources } = this.#scope.select;
    const [source] = sources;
    if (source === undefined || sources.length > 1) {
      const name = (call.path[0] as string).toUpperCase();
      const message = `${name}() in query with multiple FROM terms requires an argument`;
      throw this.#host.placed(CODE_META, message, call.at, '.');
    }
    return { ...call, operands: [{ ...source, at: call.at }] };
  }

  #subquery(expression: Subquery): Expression {
    const plan = this.#host.planSubquery(expression.select, this.#scope);
    return { ...expression, plan };
  }

  /** How often WHERE and ON are evaluated is not defined. */
  #sequenceValue(expression: SequenceValue): Expression {
    const { name } = this.#clause;
    if (name !== 'WHERE' && name !== 'ON') return expression;
    throw new StatementError(CODE_PLACE, 'Sequence operations are not allowed in WHERE/ON clauses');
  }

  #semantic(message: string, at: number): StatementError {
    return this.#host.placed(CODE_SEMANTICS, message, at, '.');
  }
}

function parenthesised({ parenthesised }: Name): { parenthesised?: true } {
  return parenthesised === true ? { parenthesised } : {};
}

/** Comparisons go one way, so that two texts of one meaning are one. */
function swapped(binary: Binary): Binary {
  const { operator, left, right } = binary;
  if (operator === '>') return { ...binary, operator: '<', left: right, right: left };
  if (operator === '>=') return { ...binary, operator: '<=', left: right, right: left };
  return binary;
}
