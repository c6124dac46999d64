import { readExpression } from '../syntax/expression-parser.js';
import { expressionText } from '../syntax/expression-text.js';
import { readSelect } from '../syntax/select-parser.js';
import { parseStatement } from '../syntax/statement-parser.js';
import { TokenStream } from '../syntax/token-stream.js';
import { StatementError } from '../text/syntax-error.js';
import type { Value } from '../values/value.js';
import { EvaluationError } from './evaluation-error.js';
import type { FunctionSpec } from './function-spec.js';
import { isString, of1, ranged } from './operands.js';

/** The function that gives the canonical text of an expression or of a statement. */
export const FORMALIZATION: readonly FunctionSpec[] = [
  ranged(['formalize', 'formalise'], [1, 2], 'number', of1(isString, formalized)),
];

/** Describes a text that should have been an expression, as the reason of an error. */
export function invalidExpression(text: string): EvaluationError {
  const fault = faultOf(() => expressionOf(text));
  return new EvaluationError('', 5010, {
    _level: 'exception',
    cause: { details: fault?.message ?? 'Invalid field reference', expression: text },
    code: fault === undefined ? 5032 : 5031,
    key: fault === undefined ? 'execution.unsupported_expression' : 'execution.invalid_expression',
    message: fault === undefined ? 'Unsupported expression' : 'Invalid expression',
  });
}

function formalized(text: string): Value {
  const trimmed = text.trim();
  let result = trimmed;
  const asExpression = faultOf(() => {
    result = expressionOf(trimmed);
  });
  if (asExpression === undefined) return result;
  const asStatement = faultOf(() => parseStatement(trimmed));
  if (asStatement === undefined) return trimmed;
  const { position } = (asStatement.position?.column ?? 0) > 1 ? asStatement : asExpression;
  throw new EvaluationError('', 5010, {
    _level: 'exception',
    code: 3000,
    ...(position === undefined ? {} : { column: position.column, line: position.line }),
    key: 'parse.syntax_error',
    message: '',
  });
}

function expressionOf(text: string): string {
  const tokens = new TokenStream(text, readSelect);
  const expression = readExpression(tokens);
  tokens.expectEnd();
  return expressionText(expression);
}

function faultOf(parse: () => unknown): StatementError | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (error instanceof StatementError) return error;
    throw error;
  }
}
