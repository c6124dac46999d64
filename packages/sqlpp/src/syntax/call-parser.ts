import type { Call, Expression, KeyOrder } from './expression.js';
import type { TokenStream } from './token-stream.js';
import { readWindowDefinition } from './window-parser.js';

type Read = (tokens: TokenStream) => Expression;

/** The one function with FROM FIRST and FROM LAST, as it is written everywhere. */
const NTH_VALUE = 'nth_value';

/** Reserved words that are names of functions too. */
const FUNCTION_WORDS: ReadonlySet<string> = new Set(['REPLACE', 'NTH_VALUE', 'FLATTEN_KEYS']);

/** Reads a call, if one stands next: a name, maybe with a path or a namespace, and parentheses. */
export function readCall(tokens: TokenStream, read: Read): Call | undefined {
  const { start: at } = tokens.peek();
  const name = readFunctionName(tokens);
  if (name === undefined) return undefined;
  tokens.expectSign('(');
  const operands = readOperands(tokens, read);
  tokens.expectSign(')');
  return { kind: 'call', ...name, ...operands, ...readTail(tokens, read, name.path[0] === NTH_VALUE), at };
}

interface FunctionName {
  readonly namespace?: string | undefined;
  readonly path: readonly string[];
}

function readFunctionName(tokens: TokenStream): FunctionName | undefined {
  const { kind, value, start, end } = tokens.peek();
  if (kind === 'word' && !FUNCTION_WORDS.has(value)) return undefined;
  const isNamespace = kind === 'name' && tokens.isSign(':', 1) && value === 'default';
  const length = callLength(tokens, isNamespace ? 2 : 0);
  if (length === 0) return undefined;
  const written = kind === 'word' && value === 'NTH_VALUE' ? NTH_VALUE : tokens.text.slice(start, end);
  if (kind === 'word') {
    tokens.take();
    return { path: [written] };
  }
  const namespace = isNamespace ? tokens.take().value : undefined;
  if (isNamespace) tokens.take();
  return { namespace, path: readPath(tokens, length) };
}

function readPath(tokens: TokenStream, length: number): string[] {
  return Array.from({ length }, (_, at) => {
    if (at > 0) tokens.expectSign('.');
    return tokens.take().value;
  });
}

/** Number of names up to the parenthesis of a call; 0 if there is none. */
function callLength(tokens: TokenStream, from: number): number {
  let at = from;
  for (let length = 1; ; length++) {
    const { kind } = tokens.peek(at);
    if (kind !== 'name' && !(length === 1 && kind === 'word')) return 0;
    if (tokens.isSign('(', at + 1)) return length;
    if (!tokens.isSign('.', at + 1)) return 0;
    at += 2;
  }
}

type Operands = Pick<Call, 'operands' | 'quantifier' | 'star' | 'keyOrders'>;

function readOperands(tokens: TokenStream, read: Read): Operands {
  if (tokens.isSign(')')) return { operands: [], star: false };
  if (tokens.isSign('*')) {
    tokens.take();
    return { operands: [], star: true };
  }
  const quantifier = tokens.acceptWord('DISTINCT') ? 'distinct' : tokens.acceptWord('ALL') ? 'all' : undefined;
  if (quantifier !== undefined) return { operands: [read(tokens)], quantifier, star: false };
  const keyOrders: KeyOrder[] = [];
  const operands = tokens.list(() => {
    const operand = read(tokens);
    keyOrders.push(readKeyOrder(tokens));
    return operand;
  });
  const isOrdered = keyOrders.some(({ descending, includeMissing }) => descending || includeMissing);
  return { operands, star: false, ...(isOrdered && { keyOrders }) };
}

/** Reads how a key of an index is ordered, if it is told; operands of functions take it too. */
export function readKeyOrder(tokens: TokenStream): KeyOrder {
  let descending = false;
  let includeMissing = false;
  for (;;) {
    if (tokens.acceptWord('DESC')) descending = true;
    else if (tokens.acceptWords('INCLUDE', 'MISSING')) includeMissing = true;
    else if (!tokens.acceptWord('ASC')) return { descending, includeMissing };
  }
}

type Tail = Pick<Call, 'filter' | 'from' | 'nulls' | 'over'>;

/** Behind any other function, FROM is that of the select. */
function readTail(tokens: TokenStream, read: Read, isNthValue: boolean): Tail {
  const from = isNthValue ? readFrom(tokens) : undefined;
  const filter = from === undefined && tokens.isWord('FILTER') ? readFilter(tokens, read) : undefined;
  const nulls = tokens.acceptWords('RESPECT', 'NULLS')
    ? 'respect'
    : tokens.acceptWords('IGNORE', 'NULLS')
      ? 'ignore'
      : undefined;
  const needsOver = from !== undefined || nulls !== undefined;
  if (!tokens.acceptWord('OVER')) {
    if (needsOver) throw tokens.unexpected();
    return { filter };
  }
  const over = tokens.isName() ? tokens.take().value : readWindowDefinition(tokens, read);
  return { filter, from, nulls, over };
}

function readFrom(tokens: TokenStream): Call['from'] {
  if (tokens.acceptWords('FROM', 'FIRST')) return 'first';
  return tokens.acceptWords('FROM', 'LAST') ? 'last' : undefined;
}

function readFilter(tokens: TokenStream, read: Read): Expression {
  tokens.expectWord('FILTER');
  tokens.expectSign('(');
  tokens.expectWord('WHERE');
  const filter = read(tokens);
  tokens.expectSign(')');
  return filter;
}
