import type { Expression, FrameEdge, WindowDefinition, WindowFrame } from './expression.js';
import { readOrderBy } from './order-parser.js';
import type { TokenStream } from './token-stream.js';

type Read = (tokens: TokenStream) => Expression;

/** Reads what stands in parentheses behind OVER, or behind AS in a WINDOW clause. */
export function readWindowDefinition(tokens: TokenStream, read: Read): WindowDefinition {
  const at = tokens.expectSign('(').start;
  const base = tokens.isName() ? tokens.take().value : undefined;
  const partitionBy = tokens.acceptWord('PARTITION') ? readPartition(tokens, read) : [];
  const orderBy = tokens.isWord('ORDER') ? readOrderBy(tokens, read) : [];
  const frame = readFrame(tokens, read);
  tokens.expectSign(')');
  return { base, partitionBy, orderBy, frame, at };
}

function readPartition(tokens: TokenStream, read: Read): Expression[] {
  tokens.expectWord('BY');
  return tokens.list(() => read(tokens));
}

function readFrame(tokens: TokenStream, read: Read): WindowFrame | undefined {
  const unit = tokens.acceptWord('ROWS')
    ? 'rows'
    : tokens.acceptWord('RANGE')
      ? 'range'
      : tokens.acceptWord('GROUPS')
        ? 'groups'
        : undefined;
  if (unit === undefined) return undefined;
  const isBetween = tokens.acceptWord('BETWEEN');
  const start = readEdge(tokens, read);
  if (isBetween) tokens.expectWord('AND');
  const end: FrameEdge = isBetween ? readEdge(tokens, read) : { kind: 'current row' };
  return { unit, start, end, exclude: readExclude(tokens) };
}

function readEdge(tokens: TokenStream, read: Read): FrameEdge {
  if (tokens.acceptWords('CURRENT', 'ROW')) return { kind: 'current row' };
  if (tokens.acceptWord('UNBOUNDED')) return { kind: `unbounded ${readSide(tokens)}` };
  const offset = read(tokens);
  return { kind: readSide(tokens), offset };
}

function readSide(tokens: TokenStream): 'preceding' | 'following' {
  if (tokens.acceptWord('PRECEDING')) return 'preceding';
  tokens.expectWord('FOLLOWING');
  return 'following';
}

function readExclude(tokens: TokenStream): WindowFrame['exclude'] {
  if (!tokens.acceptWord('EXCLUDE')) return 'no others';
  if (tokens.acceptWords('NO', 'OTHERS')) return 'no others';
  if (tokens.acceptWords('CURRENT', 'ROW')) return 'current row';
  if (tokens.acceptWord('GROUP')) return 'group';
  tokens.expectWord('TIES');
  return 'ties';
}
