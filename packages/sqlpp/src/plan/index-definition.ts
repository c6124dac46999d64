import { findFunction } from '../expressions/calls.js';
import type { IndexCondition, IndexDefinition, IndexKeyDefinition } from '../keyspaces/index-definition.js';
import { Formaliser, type FormaliserHost } from '../names/formaliser.js';
import { Scope } from '../names/scope.js';
import { mapChildren, someWithin } from '../syntax/children.js';
import type { CreateIndex, IndexKey } from '../syntax/definition.js';
import type { Call, Expression } from '../syntax/expression.js';
import { keyOrderText } from '../syntax/expression-parts.js';
import { expressionText } from '../syntax/expression-text.js';
import { StatementError } from '../text/syntax-error.js';
import type { ObjectValue } from '../values/value.js';
import { CLAUSES } from './clause.js';
import { slotsOf } from './names-of.js';
import type { Planner } from './planning.js';

const CODE_NOT_INDEXABLE = 3280;
const CODE_MISSING_ATTRIBUTE = 3281;
const CODE_INDEXER = 5000;

const PRIMARY_NAME = '#primary';

/**
 * Resolves the names of CREATE INDEX.
 *
 * @returns what makes the definition with the options of WITH
 */
export function planIndexDefinition(
  planner: Planner,
  statement: CreateIndex,
): (options: ObjectValue) => IndexDefinition {
  const { name = PRIMARY_NAME, primary: isPrimary, keyspace, partitionBy } = statement;
  const scope = new Scope(undefined);
  const slot = scope.frame.allocate(2);
  scope.add({ name: keyspace.parts.at(-1) as string, origin: 'source', slot, hasMeta: true });
  const resolve = new KeyResolver(planner, scope, slot);
  const keys = statement.keys.map((key, at) => planKey(resolve, key, at));
  if (keys.filter(({ each }) => each !== undefined).length > 1) {
    const cause = 'Multiple expressions with ALL are found. Only one array expression is supported per index.';
    throw new StatementError(CODE_INDEXER, `GSI CreateIndex() - cause: Fails to create index.  ${cause}`);
  }
  const condition = statement.where && planCondition(resolve.resolved(statement.where));
  const partition = partitionBy.map((expression) => expressionText(resolve.resolved(expression)));
  return (options) => ({ name, isPrimary, keys, condition, partition, with: options });
}

function planCondition(value: Expression): IndexCondition {
  return { value, text: expressionText(value) };
}

function planKey(
  resolve: KeyResolver,
  { value, each, descending, includeMissing }: IndexKey,
  at: number,
): IndexKeyDefinition {
  const key = resolve.key(value, each !== undefined);
  if (includeMissing && at > 0) {
    throw resolve.fault(
      CODE_MISSING_ATTRIBUTE,
      value,
      ' MISSING attribute not allowed (Only allowed with gsi leading key).',
    );
  }
  const text = each === undefined ? expressionText(key) : arrayText(key, each.distinct);
  return { value: key, text: text + keyOrderText({ descending, includeMissing }), each, descending, includeMissing };
}

function arrayText(key: Expression, distinct: boolean): string {
  const text = expressionText(key);
  return `(${distinct ? 'distinct' : 'all'} ${key.kind === 'comprehension' ? `(${text})` : text})`;
}

/** Gives names in keys their meaning, which is that of members of the document. */
class KeyResolver {
  readonly #planner: Planner;
  readonly #scope: Scope;
  readonly #slot: number;

  constructor(planner: Planner, scope: Scope, slot: number) {
    this.#planner = planner;
    this.#scope = scope;
    this.#slot = slot;
  }

  /** Returns a key with the names that stand for members of the document. */
  key(value: Expression, isArray: boolean): Expression {
    const formal = this.#formal(value, isArray);
    if (!slotsOf(formal).has(this.#slot) || someWithin(formal, isUnsteady)) {
      throw this.fault(CODE_NOT_INDEXABLE, value, ' is not indexable.');
    }
    return this.#relative(formal);
  }

  /** Returns the fault of a key. */
  fault(code: number, value: Expression, what: string): StatementError {
    return this.#planner.placed(code, expressionText(value), value.at, what);
  }

  /** Returns a condition with the names that stand for members of the document. */
  resolved(expression: Expression): Expression {
    return this.#relative(this.#formal(expression, false));
  }

  #formal(expression: Expression, isArray: boolean): Expression {
    return new Formaliser(this.#host(isArray), this.#scope, CLAUSES.index).formalise(expression);
  }

  #host(isArray: boolean): FormaliserHost {
    const planner = this.#planner;
    return {
      placed: (...fault) => planner.placed(...fault),
      positionAt: (at) => planner.positionAt(at),
      planSubquery: (select, scope) => planner.planSubquery(select, scope),
      checkCall: (call) => {
        if (!isArray || !isFlattenKeys(call)) planner.checkCall(call);
      },
    };
  }

  #relative(expression: Expression): Expression {
    const { at } = expression;
    if (expression.kind === 'variable') {
      return this.#isDocument(expression) ? { kind: 'self', at } : { kind: 'name', name: expression.name, at };
    }
    if (expression.kind === 'field' && this.#isDocument(expression.object)) {
      const { name, caseInsensitive } = expression;
      return { kind: 'name', name, ...(caseInsensitive === true && { caseInsensitive }), at };
    }
    if (expression.kind === 'call' && expression.operands.some((operand) => this.#isDocument(operand))) {
      const isMeta = expression.path.length === 1 && expression.path[0]?.toLowerCase() === 'meta';
      if (isMeta) return { ...expression, operands: [] };
    }
    return mapChildren(expression, (child) => this.#relative(child));
  }

  #isDocument(expression: Expression): boolean {
    return expression.kind === 'variable' && expression.slot === this.#slot;
  }
}

function isFlattenKeys({ path }: Call): boolean {
  return path.length === 1 && path[0]?.toLowerCase() === 'flatten_keys';
}

/** Tells whether equal documents may have different values. */
function isUnsteady(expression: Expression): boolean {
  switch (expression.kind) {
    case 'parameter':
    case 'subquery':
    case 'sequence value':
      return true;
    case 'call':
      return (
        expression.path.length > 1 ||
        findFunction((expression.path[0] as string).toLowerCase())?.deterministic === false
      );
    default:
      return false;
  }
}
