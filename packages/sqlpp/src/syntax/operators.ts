import type { Between, Binary, BinaryOperator, Expression, Is, IsTest, Like } from './expression.js';
import type { TokenStream } from './token-stream.js';

/** Levels of the operators, loosest first. */
export const LEVEL = {
  or: 1,
  and: 2,
  not: 3,
  equal: 4,
  compare: 5,
  like: 6,
  escape: 7,
  between: 8,
  in: 9,
  exists: 10,
  is: 11,
  concat: 12,
  add: 13,
  multiply: 14,
  negate: 15,
} as const;

/** Reads an operand: what binds at least as tight as a level. */
export type ReadOperand = (tokens: TokenStream, level: number) => Expression;

/** An operator behind its left operand. */
export interface Infix {
  readonly level: number;
  /** Whether it may be followed by an operator of its own level: `1 = 1 = 1` is a fault. */
  readonly chains: boolean;
  /** Reads on from the operator, which is still to be taken. */
  readonly read: (tokens: TokenStream, left: Expression, operand: ReadOperand) => Expression;
}

const SIGNS: Readonly<Record<string, readonly [BinaryOperator, level: number, chains: boolean]>> = {
  '=': ['=', LEVEL.equal, false],
  '==': ['=', LEVEL.equal, false],
  '!=': ['!=', LEVEL.equal, false],
  '<>': ['!=', LEVEL.equal, false],
  '<': ['<', LEVEL.compare, false],
  '<=': ['<=', LEVEL.compare, false],
  '>': ['>', LEVEL.compare, false],
  '>=': ['>=', LEVEL.compare, false],
  '||': ['||', LEVEL.concat, true],
  '+': ['+', LEVEL.add, true],
  '-': ['-', LEVEL.add, true],
  '*': ['*', LEVEL.multiply, true],
  '/': ['/', LEVEL.multiply, true],
  '%': ['%', LEVEL.multiply, true],
  '^': ['^', LEVEL.multiply, true],
};

const IS_TESTS: Readonly<Record<string, IsTest>> = {
  NULL: 'null',
  MISSING: 'missing',
  VALUED: 'valued',
  KNOWN: 'known',
  UNKNOWN: 'unknown',
};

const IS: Infix = { level: LEVEL.is, chains: false, read: readIs };

const WORDS: ReadonlyMap<string, Infix> = new Map([
  ['OR', binary('or', LEVEL.or, true)],
  ['AND', binary('and', LEVEL.and, true)],
  ['IS', IS],
  ['IN', binary('in', LEVEL.in, false)],
  ['WITHIN', binary('within', LEVEL.in, false)],
  ['LIKE', like(false)],
  ['BETWEEN', between(false)],
]);

/** Operators that begin with NOT. */
const NEGATED: ReadonlyMap<string, Infix> = new Map([
  ['IN', binary('not in', LEVEL.in, false)],
  ['WITHIN', binary('not within', LEVEL.in, false)],
  ['LIKE', like(true)],
  ['BETWEEN', between(true)],
]);

const SIGN_OPERATORS: ReadonlyMap<string, Infix> = new Map(
  Object.entries(SIGNS).map(([sign, [operator, level, chains]]) => [sign, binary(operator, level, chains)]),
);

/** Finds the operator that stands next. */
export function infixAt(tokens: TokenStream): Infix | undefined {
  const { kind, value } = tokens.peek();
  if (kind === 'sign') return SIGN_OPERATORS.get(value);
  if (kind !== 'word') return undefined;
  if (value !== 'NOT') return WORDS.get(value);
  const next = tokens.peek(1);
  return next.kind === 'word' ? NEGATED.get(next.value) : undefined;
}

function binary(operator: BinaryOperator, level: number, chains: boolean): Infix {
  const words = operator.startsWith('not ') ? 2 : 1;
  return {
    level,
    chains,
    read: (tokens, left, operand): Binary => {
      for (let word = 0; word < words; word++) tokens.take();
      return { kind: 'binary', operator, left, right: operand(tokens, level + 1), at: left.at };
    },
  };
}

function like(negated: boolean): Infix {
  return {
    level: LEVEL.like,
    chains: false,
    read: (tokens, value, operand): Like => {
      if (negated) tokens.take();
      tokens.take();
      const pattern = operand(tokens, LEVEL.escape + 1);
      const escaped = tokens.acceptWord('ESCAPE') ? operand(tokens, LEVEL.escape + 1) : undefined;
      return { kind: 'like', negated, value, pattern, escape: escaped, at: value.at };
    },
  };
}

function between(negated: boolean): Infix {
  return {
    level: LEVEL.between,
    chains: false,
    read: (tokens, value, operand): Between => {
      if (negated) tokens.take();
      tokens.take();
      // Bounds have neither comparisons nor booleans, so that the AND between them is found.
      const low = operand(tokens, LEVEL.concat);
      tokens.expectWord('AND');
      const high = operand(tokens, LEVEL.concat);
      return { kind: 'between', negated, value, low, high, at: value.at };
    },
  };
}

function readIs(tokens: TokenStream, operand: Expression, read: ReadOperand): Is | Binary {
  tokens.take();
  const negated = tokens.acceptWord('NOT');
  if (tokens.acceptWord('DISTINCT')) {
    tokens.expectWord('FROM');
    const operator = negated ? 'is not distinct from' : 'is distinct from';
    return { kind: 'binary', operator, left: operand, right: read(tokens, LEVEL.is + 1), at: operand.at };
  }
  const { kind, value } = tokens.peek();
  const test = kind === 'word' ? IS_TESTS[value] : undefined;
  if (test === undefined) throw tokens.unexpected();
  tokens.take();
  return { kind: 'is', test, negated, operand, at: operand.at };
}
