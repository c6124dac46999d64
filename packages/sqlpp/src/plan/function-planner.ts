import { functionFault } from '../definitions/function-fault.js';
import { clauseFault } from '../errors/clause-fault.js';
import type { FunctionBody, FunctionCatalog, FunctionDefinition, FunctionName } from '../keyspaces/function-catalog.js';
import { Scope } from '../names/scope.js';
import type { CreateFunction, DropFunction, ExecuteFunction } from '../syntax/definition.js';
import { expressionText } from '../syntax/expression-text.js';
import type { KeyspacePath } from '../syntax/select.js';
import { StatementError } from '../text/syntax-error.js';
import { CLAUSES } from './clause.js';
import { type DefinitionPlan, effectPlan } from './definition-plan.js';
import { addParameters, contextOf, functionName } from './function-name.js';
import type { Planner } from './planning.js';

const CODE_PARSE = 3000;
const CODE_NAME = 3080;

/** Plans CREATE FUNCTION. */
export function planCreateFunction(
  planner: Planner,
  functions: FunctionCatalog,
  statement: CreateFunction,
): DefinitionPlan {
  const { replace, ifNotExists } = statement;
  const name = nameOf(planner, statement.path);
  if (replace && ifNotExists) {
    const message = 'syntax error - OR REPLACE and IF NOT EXISTS are mutually exclusive';
    throw planner.placed(CODE_PARSE, message, statement.at);
  }
  checkNames(planner.within(contextOf(name)), statement);
  const definition: FunctionDefinition = { name, parameters: statement.parameters, body: bodyOf(statement) };
  return effectPlan(() => {
    functions.check?.('manage', definition);
    const isThere = functions.find(name) !== undefined;
    if (isThere && ifNotExists) return;
    if (isThere && !replace) throw functionFault('duplicate', name.name);
    functions.put(definition);
  });
}

/** Plans DROP FUNCTION. */
export function planDropFunction(
  planner: Planner,
  functions: FunctionCatalog,
  { path, ifExists }: DropFunction,
): DefinitionPlan {
  const name = nameOf(planner, path);
  return effectPlan(() => {
    const definition = functions.find(name);
    if (definition === undefined) {
      if (ifExists) return;
      throw functionFault('missing', name.name);
    }
    functions.check?.('manage', definition);
    functions.remove(name);
  });
}

/** Plans EXECUTE FUNCTION, whose one row is what the function gives. */
export function planExecuteFunction(planner: Planner, { path, operands }: ExecuteFunction): DefinitionPlan {
  const name = nameOf(planner, path);
  const codes = operands.map((operand) => planner.evaluate(operand, new Scope(undefined), CLAUSES.function));
  return {
    signature: null,
    changes: false,
    *batches(run) {
      try {
        const values = codes.map((code) => code([], run));
        yield [planner.functions.call(name, values, run) ?? null];
      } catch (error) {
        throw clauseFault('EXECUTE FUNCTION', error);
      }
    },
  };
}

function nameOf({ context }: Planner, { namespace, parts }: KeyspacePath): FunctionName {
  if (parts.length !== 2) return functionName(namespace, parts, context);
  throw functionFault('name', `${namespace ?? 'default'}:${parts.join('.')}`);
}

function bodyOf({ body }: CreateFunction): FunctionBody {
  if (body.language === 'javascript') return body;
  const { text, expression } = body;
  return { language: 'inline', text, expression: expressionText(expression) };
}

/**
 * An expression may name its parameters only. What else is wrong with it is told when it is called: keyspaces may be
 * created later.
 */
function checkNames(planner: Planner, { body, parameters = ['args'] }: CreateFunction): void {
  if (body.language !== 'inline') return;
  const scope = new Scope(undefined);
  addParameters(scope, parameters);
  try {
    planner.formalise(body.expression, scope, CLAUSES.function);
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    if (error.code === CODE_NAME)
      throw new StatementError(CODE_PARSE, functionFault('internal', error.message).message);
    if (error.code < CODE_NAME) throw error;
  }
}
