import { Distinct } from '../aggregates/distinct.js';
import { findAggregate } from '../aggregates/families.js';
import { type AggregateCode, group } from '../execute/grouping.js';
import type { Operator } from '../execute/operator.js';
import { assign, filter } from '../execute/rows.js';
import { setMember } from '../expressions/paths.js';
import type { Evaluate } from '../expressions/run.js';
import type { Scope } from '../names/scope.js';
import { mapChildren } from '../syntax/children.js';
import type { Call, Expression, Variable } from '../syntax/expression.js';
import { expressionText } from '../syntax/expression-text.js';
import type { Group } from '../syntax/select.js';
import type { Value } from '../values/value.js';
import { CLAUSES } from './clause.js';
import { slotsOf } from './names-of.js';
import { normalText } from './normal-text.js';
import type { Planner } from './planning.js';

const CODE_NOT_GROUPED = 4210;
const CODE_DUPLICATE_VARIABLE = 3081;

const TRUE: Expression = { kind: 'literal', value: true, at: 0 };

interface PlannedKey {
  readonly slot: number;
  readonly value: Evaluate;
  /** What other expressions are compared with. */
  readonly text: string;
  /** What EXPLAIN tells. */
  readonly shown: string;
}

/** Groups rows, and gives expressions behind the groups what they may name: keys and aggregates. */
export class GroupPlanner {
  readonly #planner: Planner;
  readonly #scope: Scope;
  readonly #keys: PlannedKey[] = [];
  readonly #texts: string[] = [];
  readonly #aggregates = new Map<string, AggregateCode>();
  #members: { readonly slot: number; readonly value: Evaluate } | undefined;

  constructor(planner: Planner, scope: Scope) {
    this.#planner = planner;
    this.#scope = scope;
  }

  /** Takes the keys of GROUP BY and the name of GROUP AS. */
  addKeys({ keys, groupAs }: Pick<Group, 'keys' | 'groupAs'>, at: number): void {
    const formal = keys.map(({ value }) => this.#planner.formalise(value, this.#scope, CLAUSES.groupBy));
    formal.forEach((value, index) => {
      const slot = this.#scope.frame.allocate();
      this.#keys.push({
        slot,
        value: this.#planner.compile(value, this.#scope),
        text: normalText(value),
        shown: expressionText(value),
      });
      const alias = keys[index]?.alias;
      if (alias !== undefined) this.#add(alias, slot, at);
    });
    if (groupAs === undefined) return;
    const slot = this.#scope.frame.allocate();
    this.#members = { slot, value: this.#memberOf() };
    this.#add(groupAs, slot, at);
  }

  #memberOf(): Evaluate {
    const sources = [...this.#scope.sources];
    return (row) => {
      const result: Record<string, Value> = {};
      for (const { name, slot } of sources) {
        const value = row[slot] as Value;
        if (value !== undefined) setMember(result, name, value);
      }
      return result;
    };
  }

  #add(name: string, slot: number, at: number): void {
    const taken = this.#scope.own(name);
    if (taken?.origin === 'source' || taken?.origin === 'let') {
      throw this.#planner.placed(CODE_DUPLICATE_VARIABLE, `Duplicate variable: '${name}' already in scope`, at, '.');
    }
    this.#scope.add({ name, origin: 'group', slot });
  }

  /** Tells the keys and the aggregates. */
  get told(): { readonly keys: readonly string[]; readonly aggregates: readonly string[] } {
    return { keys: this.#keys.map(({ shown }) => shown), aggregates: this.#texts };
  }

  /** Plans LETTING and HAVING behind the groups. Aggregates may be added until the rows are asked for. */
  plan(input: Operator, { letting, having }: Pick<Group, 'letting' | 'having'>): Operator {
    let operator = this.#group(input);
    for (const { name, value, at } of letting) {
      const code = this.evaluate(value, CLAUSES.letting);
      const slot = this.#scope.frame.allocate();
      this.#add(name, slot, at);
      operator = assign(operator, [{ slot, value: code }], 'LETTING');
    }
    return having === undefined ? operator : filter(operator, this.evaluate(having, CLAUSES.having), 'having');
  }

  #group(input: Operator): Operator {
    let planned: Operator | undefined;
    return (run, outer) => {
      planned ??= group(input, {
        keys: this.#keys,
        aggregates: [...this.#aggregates.values()],
        members: this.#members,
        base: this.#scope.frame.base,
        size: () => this.#scope.frame.size,
      });
      return planned(run, outer);
    };
  }

  evaluate(expression: Expression, clause: (typeof CLAUSES)[keyof typeof CLAUSES]): Evaluate {
    const formal = this.#planner.formalise(expression, this.#scope, clause);
    return this.#planner.compile(this.regroup(formal), this.#scope);
  }

  /** Replaces keys and aggregates of a formal expression by what holds them. */
  regroup(expression: Expression): Expression {
    const replaced = this.#replace(expression);
    if (this.#isKnown(replaced)) return replaced;
    const message = `Expression ${expressionText(expression)}`;
    throw this.#planner.placed(
      CODE_NOT_GROUPED,
      message,
      expression.at,
      ' must depend only on group keys or aggregates.',
    );
  }

  #replace(expression: Expression): Expression {
    const text = normalText(expression);
    const key = this.#keys.find((each) => each.text === text);
    if (key !== undefined) return variableOf(key.slot, expression);
    if (expression.kind === 'call' && expression.over === undefined && isAggregate(expression)) {
      return variableOf(this.#aggregate(expression, text), expression);
    }
    return mapChildren(expression, (child) => this.#replace(child));
  }

  #aggregate(call: Call, text: string): number {
    const known = this.#aggregates.get(text);
    if (known !== undefined) return known.slot;
    const spec = findAggregate((call.path[0] as string).toLowerCase());
    if (spec === undefined) throw new TypeError(`The aggregate ${call.path[0]} is not known.`);
    const slot = this.#scope.frame.allocate();
    const create = call.quantifier === 'distinct' ? () => new Distinct(spec.create()) : () => spec.create();
    this.#texts.push(expressionText(call));
    this.#aggregates.set(text, {
      slot,
      create,
      operand: this.#planner.compile(call.star ? TRUE : (call.operands[0] ?? TRUE), this.#scope),
      filter: call.filter && this.#planner.compile(call.filter, this.#scope),
    });
    return slot;
  }

  /** Whether an expression depends on nothing that the groups have put together. */
  #isKnown(expression: Expression): boolean {
    const rows = new Set(this.#scope.visible.map(({ slot }) => slot));
    return ![...slotsOf(expression)].some((slot) => rows.has(slot)) && !hasSelf(expression);
  }
}

function isAggregate(call: Call): boolean {
  return call.path.length === 1 && findAggregate((call.path[0] as string).toLowerCase()) !== undefined;
}

function variableOf(slot: number, { at }: Expression): Variable {
  return { kind: 'variable', name: '', slot, hasMeta: false, origin: 'group', at };
}

function hasSelf(expression: Expression): boolean {
  let found = expression.kind === 'self';
  mapChildren(expression, (child) => {
    found ||= hasSelf(child);
    return child;
  });
  return found;
}

/** Tells whether aggregates stand in an expression outside of windows' own. */
export function hasAggregate(expression: Expression): boolean {
  if (expression.kind === 'call' && expression.over === undefined && isAggregate(expression)) return true;
  let found = false;
  mapChildren(expression, (child) => {
    found ||= hasAggregate(child);
    return child;
  });
  return found;
}
