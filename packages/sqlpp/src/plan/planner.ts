import { PlacedEvaluationError } from '../errors/clause-fault.js';
import type { Placed } from '../errors/placed.js';
import { placesOf } from '../errors/placed.js';
import { compile } from '../expressions/compiler.js';
import type { CompilerHost } from '../expressions/compiler-host.js';
import { setMember } from '../expressions/paths.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import { type Catalog, type KeyspaceName, keyspaceText } from '../keyspaces/catalog.js';
import { type FunctionDefinition, functionText } from '../keyspaces/function-catalog.js';
import type { Keyspace } from '../keyspaces/keyspace.js';
import { type Clause, Formaliser } from '../names/formaliser.js';
import { Scope } from '../names/scope.js';
import type { Call, Expression, Parameter, SequenceValue, Subquery } from '../syntax/expression.js';
import type { KeyspacePath, Select } from '../syntax/select.js';
import { parseExpression } from '../syntax/statement-parser.js';
import { StatementError } from '../text/syntax-error.js';
import type { Position } from '../text/token.js';
import type { Value } from '../values/value.js';
import { checkCall } from './call-check.js';
import { CLAUSES } from './clause.js';
import { FunctionCalls, type InlineBody, type InlineCode } from './function-calls.js';
import { addParameters, contextOf, functionName, isUserCall, shownPath } from './function-name.js';
import { resolveKeyspace } from './keyspace-path.js';
import type { FindsKeyspace, Planner } from './planning.js';
import type { SelectPlan } from './select-plan.js';
import { planSelect } from './select-planner.js';
import { compileSequenceValue, type DrawnValues } from './sequence-planner.js';

const CODE_FUNCTION = 3000;
const CODE_KEYSPACE = 12003;
const CODE_SEQUENCES = 19100;

/** Plans one statement. */
export class StatementPlanner implements Planner {
  readonly functions: FunctionCalls;
  /** The keyspaces that the statement names. */
  readonly found: KeyspaceName[] = [];
  readonly #text: string;
  readonly #places: Placed;
  readonly #keyspaces = new Map<number, string>();
  readonly #drawn: DrawnValues = new WeakMap();

  constructor(
    text: string,
    readonly catalog: Catalog,
    /** Bucket and scope that names of one part belong to. */
    readonly context: { readonly bucket: string; readonly scope: string } | undefined,
    /** Calls of functions of users, which the statement and their bodies share. */
    calls?: FunctionCalls,
    readonly needsIndex = false,
  ) {
    this.#text = text;
    this.#places = placesOf(text);
    this.functions =
      calls ?? new FunctionCalls(catalog.functions, (definition, body) => this.#planBody(definition, body));
  }

  /** Plans the body of a function, which sees its parameters only. */
  #planBody({ name, parameters = ['args'] }: FunctionDefinition, body: InlineBody): InlineCode {
    const planner = new StatementPlanner(body.text, this.catalog, contextOf(name), this.functions, this.needsIndex);
    const scope = new Scope(undefined);
    addParameters(scope, parameters);
    const value = planner.evaluate(parseExpression(body.text), scope, CLAUSES.function);
    return { value, size: () => scope.frame.size };
  }

  placed(code: number, message: string, at: number, end?: string): StatementError {
    return this.#places.placed(code, message, at, end);
  }

  within(context: Planner['context']): StatementPlanner {
    return new StatementPlanner(this.#text, this.catalog, context, this.functions);
  }

  /** The fault of an expression in FROM without a name. */
  aliasMissing(code: number, at: number): StatementError {
    return this.placed(code, 'FROM expression term', at, ' must have a name or alias');
  }

  positionAt(at: number): Position {
    return this.#places.positionAt(at);
  }

  formalise(expression: Expression, scope: Scope, clause: Clause): Expression {
    const formal = new Formaliser(this, scope, clause).formalise(expression);
    scope.select.addExpression(formal);
    return formal;
  }

  compile(expression: Expression, scope: Scope): Evaluate {
    return compile(expression, this.#compilerHost(scope));
  }

  /** Text of a select as it was written. */
  textOf({ at, end }: Select): string {
    return this.#text.slice(at, end);
  }

  /** Formalises and compiles in one. */
  evaluate(expression: Expression, scope: Scope, clause: Clause): Evaluate {
    return this.compile(this.formalise(expression, scope, clause), scope);
  }

  planSubquery(select: Select, scope: Scope): SelectPlan {
    return planSelect(this, select, scope);
  }

  checkCall(call: Call): void {
    if (checkCall(call, this) || isUserCall(call, this)) return;
    const resolved = functionText(functionName(call.namespace, call.path, this.context));
    throw this.placed(CODE_FUNCTION, `Invalid function ${shownPath(call)} (resolving to ${resolved})`, call.at);
  }

  /** Finds the keyspace that a path names, in the catalog or in a part of it. */
  keyspace(
    path: KeyspacePath,
    part: FindsKeyspace = this.catalog,
  ): { readonly name: KeyspaceName; readonly keyspace: Keyspace } {
    const name = resolveKeyspace(path, this.context);
    const keyspace = part.keyspace(name);
    if (keyspace !== undefined) {
      this.found.push(name);
      return { name, keyspace };
    }
    if (name.namespace === 'system') throw new StatementError(11002, `Keyspace not found ${name.bucket}`);
    throw new StatementError(CODE_KEYSPACE, `Keyspace not found in CB datastore: ${keyspaceText(name)}`);
  }

  noteKeyspace(slot: number, name: KeyspaceName): void {
    this.#keyspaces.set(slot, keyspaceText(name));
  }

  #compilerHost(scope: Scope): CompilerHost {
    return {
      subquery: (expression) => rowsOf(expression),
      subqueryExists: (expression) => hasRowsOf(expression),
      self: () => selfOf(scope),
      parameter: (parameter) => this.#parameter(parameter),
      call: (call, operands) => this.functions.compile(functionName(call.namespace, call.path, this.context), operands),
      sequenceValue: (expression) => this.#sequenceValue(expression),
      keyspaceOf: (slot) => this.#keyspaces.get(slot),
    };
  }

  #sequenceValue(expression: SequenceValue): Evaluate {
    const { sequences } = this.catalog;
    if (sequences !== undefined) return compileSequenceValue(this, sequences, expression, this.#drawn);
    throw new StatementError(CODE_SEQUENCES, `Sequence support is not enabled for '${expression.path[0]}'`);
  }

  #parameter({ name, at }: Parameter): Evaluate {
    const kind = typeof name === 'number' ? 'positional' : 'named';
    return (_row, run) => {
      const found = run.parameter(name);
      if (found !== undefined) return found.value;
      const { line, column } = this.positionAt(at);
      const message = `No value for ${kind} parameter $${name} (near line ${line}, column ${column}).`;
      throw new PlacedEvaluationError(message, { line, column });
    };
  }
}

/** SELF is the row as an object of the names in it. */
function selfOf(scope: Scope): Evaluate {
  return (row) => {
    const result: Record<string, Value> = {};
    for (const { name, slot } of scope.select.visible) {
      const value = row[slot] as Value;
      if (value !== undefined) setMember(result, name, value);
    }
    return result;
  };
}

/** A subquery that names nothing from outside has the same rows for the whole statement. */
function rowsOf({ plan }: Subquery): Evaluate {
  const select = plan as SelectPlan;
  if (select.references.size > 0) return (row, run) => select.collect(run, row);
  return (row, run) => {
    const known = run.results.get(select);
    if (known !== undefined) return known;
    const rows = select.collect(run, row);
    run.results.set(select, rows);
    return rows;
  };
}

function hasRowsOf(expression: Subquery): Evaluate {
  const select = expression.plan as SelectPlan;
  if (select.references.size === 0) {
    const rows = rowsOf(expression);
    return (row, run) => (rows(row, run) as readonly Value[]).length > 0;
  }
  return (row: Row, run: Run) => {
    for (const batch of select.batches(run, row)) if (batch.length > 0) return true;
    return false;
  };
}
