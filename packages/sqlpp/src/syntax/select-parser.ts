import { readAlias } from './constructor-parser.js';
import type { Expression } from './expression.js';
import { readExpression, readSelectOrExpression } from './expression-parser.js';
import { readFrom } from './from-parser.js';
import { readOrderBy } from './order-parser.js';
import { readProjection } from './projection-parser.js';
import type { Group, LetBinding, Select, SelectTerm, SetOperation, Subselect, WithTerm } from './select.js';
import type { TokenStream } from './token-stream.js';
import { readWindowDefinition } from './window-parser.js';

/** Reads a select with WITH, set operations, ORDER BY, LIMIT and OFFSET. */
export function readSelect(tokens: TokenStream, left?: Select): Select {
  const at = left?.at ?? tokens.peek().start;
  const recursive = left === undefined && tokens.isWord('WITH') && tokens.isWord('RECURSIVE', 1);
  const terms = left === undefined && tokens.acceptWord('WITH') ? readWith(tokens) : [];
  const body = readSetOperations(tokens, left ?? readTerm(tokens));
  if (body.kind === 'select') throw tokens.unexpected();
  const orderBy = tokens.isWord('ORDER') ? readOrderBy(tokens, readExpression) : [];
  return { kind: 'select', recursive, with: terms, body, orderBy, ...readLimits(tokens), at, end: tokens.peek().start };
}

/** Reads LIMIT and OFFSET, in either order. */
export function readLimits(tokens: TokenStream): { limit?: Expression; offset?: Expression } {
  const limits: { limit?: Expression; offset?: Expression } = {};
  for (;;) {
    if (limits.limit === undefined && tokens.acceptWord('LIMIT')) limits.limit = readExpression(tokens);
    else if (limits.offset === undefined && tokens.acceptWord('OFFSET')) limits.offset = readExpression(tokens);
    else return limits;
  }
}

function readWith(tokens: TokenStream): WithTerm[] {
  tokens.acceptWord('RECURSIVE');
  return tokens.list(() => {
    const at = tokens.peek().start;
    const name = tokens.expectName();
    tokens.expectWord('AS');
    tokens.expectSign('(');
    const value = readSelectOrExpression(tokens);
    tokens.expectSign(')');
    const cycle = tokens.acceptWord('CYCLE') ? tokens.list(() => readExpression(tokens)) : [];
    if (cycle.length > 0) tokens.expectWord('RESTRICT');
    const options = tokens.acceptWord('OPTIONS') ? readExpression(tokens) : undefined;
    return { name, value, cycle, options, at };
  });
}

function readSetOperations(tokens: TokenStream, first: SelectTerm): SelectTerm {
  let left = first;
  for (;;) {
    const operator = acceptSetOperator(tokens);
    if (operator === undefined) return left;
    const all = tokens.acceptWord('ALL');
    left = { kind: 'set operation', operator, all, left, right: readTerm(tokens) };
  }
}

function acceptSetOperator(tokens: TokenStream): SetOperation['operator'] | undefined {
  if (tokens.acceptWord('UNION')) return 'union';
  if (tokens.acceptWord('INTERSECT')) return 'intersect';
  return tokens.acceptWord('EXCEPT') ? 'except' : undefined;
}

function readTerm(tokens: TokenStream): SelectTerm {
  if (!tokens.isSign('(')) return readSubselect(tokens);
  tokens.take();
  const inner = readSelectOrExpression(tokens);
  tokens.expectSign(')');
  if (inner.kind === 'select') return inner;
  if (inner.kind !== 'subquery') throw tokens.unexpected();
  return inner.select;
}

function readSubselect(tokens: TokenStream): Subselect {
  const at = tokens.peek().start;
  if (tokens.isWord('FROM')) {
    const rest = readClauses(tokens);
    tokens.expectWord('SELECT');
    const hints = tokens.takeHint();
    return { kind: 'subselect', hints, projection: readProjection(tokens, readExpression), ...rest, at };
  }
  tokens.expectWord('SELECT');
  const hints = tokens.takeHint();
  const projection = readProjection(tokens, readExpression);
  return { kind: 'subselect', hints, projection, ...readClauses(tokens), at };
}

type Clauses = Pick<Subselect, 'from' | 'lets' | 'where' | 'group' | 'windows'>;

function readClauses(tokens: TokenStream): Clauses {
  const from = tokens.isWord('FROM') ? readFrom(tokens, readExpression) : undefined;
  const lets = tokens.acceptWord('LET') ? readLets(tokens) : [];
  const where = tokens.acceptWord('WHERE') ? readExpression(tokens) : undefined;
  const group = readGroup(tokens);
  const windows = tokens.acceptWord('WINDOW') ? readWindows(tokens) : [];
  return { from, lets, where, group, windows };
}

function readLets(tokens: TokenStream): LetBinding[] {
  return tokens.list(() => {
    const at = tokens.peek().start;
    const name = tokens.expectName();
    tokens.expectSign('=');
    return { name, value: readExpression(tokens), at };
  });
}

function readGroup(tokens: TokenStream): Group | undefined {
  if (tokens.isWord('LETTING')) return { keys: [], letting: readLetting(tokens), having: undefined };
  if (!tokens.acceptWord('GROUP')) return undefined;
  tokens.expectWord('BY');
  const keys = tokens.list(() => ({ value: readExpression(tokens), alias: readAlias(tokens) }));
  const groupAs = tokens.acceptWords('GROUP', 'AS') ? tokens.expectName() : undefined;
  const letting = readLetting(tokens);
  const having = tokens.acceptWord('HAVING') ? readExpression(tokens) : undefined;
  return { keys, groupAs, letting, having };
}

function readLetting(tokens: TokenStream): LetBinding[] {
  return tokens.acceptWord('LETTING') ? readLets(tokens) : [];
}

function readWindows(tokens: TokenStream): Subselect['windows'] {
  return tokens.list(() => {
    const name = tokens.expectName();
    tokens.expectWord('AS');
    return { name, definition: readWindowDefinition(tokens, readExpression) };
  });
}
