import { readCall } from './call-parser.js';
import { readArray, readBracketed, readCase, readCollection, readObject } from './constructor-parser.js';
import type { Expression } from './expression.js';
import { readNumber } from './literal.js';
import { infixAt, LEVEL } from './operators.js';
import type { Select } from './select.js';
import { readSequenceValue } from './sequence-parser.js';
import type { TokenStream } from './token-stream.js';

/** Reads an expression: an operand and the operators behind it that bind at least as tight as `level`. */
export function readExpression(tokens: TokenStream, level: number = LEVEL.or): Expression {
  let left = readPrefixed(tokens);
  let closed: number | undefined;
  for (;;) {
    const infix = infixAt(tokens);
    if (infix === undefined || infix.level < level || infix.level === closed) return left;
    left = infix.read(tokens, left, readExpression);
    closed = infix.chains ? undefined : infix.level;
  }
}

function readPrefixed(tokens: TokenStream): Expression {
  const { start: at } = tokens.peek();
  if (tokens.acceptWord('NOT')) {
    return { kind: 'unary', operator: 'not', operand: readExpression(tokens, LEVEL.not), at };
  }
  if (tokens.acceptWord('EXISTS')) {
    return { kind: 'unary', operator: 'exists', operand: readExpression(tokens, LEVEL.exists), at };
  }
  if (tokens.acceptSign('-')) {
    return { kind: 'unary', operator: '-', operand: readExpression(tokens, LEVEL.negate), at };
  }
  return readPostfix(tokens);
}

function readPostfix(tokens: TokenStream): Expression {
  let value = readPrimary(tokens);
  for (;;) {
    const next = readStep(tokens, value);
    if (next === undefined) return value;
    value = next;
  }
}

/** Reads a step behind a value: `.name`, `.[name]`, `[index]`, `[start:end]`, `[*]`, `[]`. */
function readStep(tokens: TokenStream, value: Expression): Expression | undefined {
  if (tokens.isSign('[')) return readBracketed(tokens, value, readExpression);
  // `value.*` is a result term.
  if (!tokens.isSign('.') || tokens.isSign('*', 1)) return undefined;
  tokens.take();
  const { at } = value;
  if (tokens.acceptSign('[')) {
    const name = readExpression(tokens);
    tokens.expectSign(']');
    return { kind: 'computed field', object: value, name, caseInsensitive: acceptCaseMark(tokens), at };
  }
  if (!tokens.isName()) throw tokens.unexpected();
  const { value: name, caseInsensitive } = tokens.take();
  return { kind: 'field', object: value, name, ...(caseInsensitive === true && { caseInsensitive }), at };
}

/** Takes the letter i right behind `]`. */
function acceptCaseMark(tokens: TokenStream): boolean {
  const { kind, value, escaped, start } = tokens.peek();
  const isMark = kind === 'name' && value === 'i' && escaped !== true && tokens.text[start - 1] === ']';
  if (isMark) tokens.take();
  return isMark;
}

function readPrimary(tokens: TokenStream): Expression {
  const { kind, value, start: at } = tokens.peek();
  switch (kind) {
    case 'string':
      tokens.take();
      return { kind: 'literal', value, at };
    case 'number':
      tokens.take();
      return { kind: 'literal', value: readNumber(value), at };
    case 'parameter':
      tokens.take();
      return { kind: 'parameter', name: parameterName(tokens, value), at };
    case 'name':
      return readCall(tokens, readExpression) ?? readName(tokens);
    case 'word':
      return readWord(tokens, value);
    default:
      return readEnclosed(tokens);
  }
}

function parameterName(tokens: TokenStream, written: string): string | number {
  if (written === '') return tokens.nextPositional();
  return /^\d/.test(written) ? Number(written) : written;
}

function readName(tokens: TokenStream): Expression {
  const { value: name, start: at, caseInsensitive } = tokens.take();
  return { kind: 'name', name, ...(caseInsensitive === true && { caseInsensitive }), at };
}

function readWord(tokens: TokenStream, word: string): Expression {
  const at = tokens.peek().start;
  switch (word) {
    case 'NULL':
    case 'TRUE':
    case 'FALSE':
    case 'MISSING':
      tokens.take();
      return { kind: 'literal', value: { NULL: null, TRUE: true, FALSE: false, MISSING: undefined }[word], at };
    case 'SELF':
      tokens.take();
      return { kind: 'self', at };
    case 'CASE':
      return readCase(tokens, readExpression);
    case 'ANY':
    case 'SOME':
    case 'EVERY':
    case 'ARRAY':
    case 'FIRST':
    case 'OBJECT':
      return readCollection(tokens, readExpression);
    case 'SYSTEM':
      // Only a namespace begins so.
      tokens.take();
      throw tokens.unexpected();
    default:
      return readCall(tokens, readExpression) ?? readSequenceValue(tokens);
  }
}

function readEnclosed(tokens: TokenStream): Expression {
  if (tokens.isSign('[')) return readArray(tokens, readExpression);
  if (tokens.isSign('{')) return readObject(tokens, readExpression);
  const at = tokens.expectSign('(').start;
  const inner = readSelectOrExpression(tokens);
  tokens.expectSign(')');
  return inner.kind === 'select'
    ? { kind: 'subquery', select: inner, at, parenthesised: true }
    : { ...inner, parenthesised: true };
}

/** Reads what stands in parentheses. A select in parentheses of its own may be a side of a set operation. */
export function readSelectOrExpression(tokens: TokenStream): Select | Expression {
  if (tokens.isSelect()) return tokens.readSelect(tokens);
  const expression = readExpression(tokens);
  return expression.kind === 'subquery' && tokens.isSetOperator()
    ? tokens.readSelect(tokens, expression.select)
    : expression;
}
