import { readAlias } from './constructor-parser.js';
import type { Expression } from './expression.js';
import { readKeyspace } from './keyspace-parser.js';
import type { From, FromStep, JoinCondition, JoinKind, Source } from './select.js';
import type { TokenStream } from './token-stream.js';
import { readUse } from './use-parser.js';

type Read = (tokens: TokenStream) => Expression;

export function readFrom(tokens: TokenStream, read: Read): From {
  tokens.expectWord('FROM');
  const first = readSource(tokens, read);
  const steps: FromStep[] = [];
  if (tokens.isWord('RIGHT')) steps.push(readRightJoin(tokens, read));
  for (let step = readStep(tokens, read); step !== undefined; step = readStep(tokens, read)) steps.push(step);
  return { first, steps };
}

/** Reads a keyspace, a subquery or any expression, with its alias and its hints. */
export function readSource(tokens: TokenStream, read: Read): Source {
  const at = tokens.peek().start;
  if (tokens.isSign(':', 1)) {
    const keyspace = readKeyspace(tokens);
    const expression: Expression = { kind: 'name', name: keyspace.parts.at(-1) as string, at };
    return { expression, keyspace, alias: readAlias(tokens), use: readUse(tokens, read), at };
  }
  const expression = read(tokens);
  return { expression, alias: readAlias(tokens), use: readUse(tokens, read), at };
}

function readRightJoin(tokens: TokenStream, read: Read): FromStep {
  tokens.expectWord('RIGHT');
  tokens.acceptWord('OUTER');
  tokens.expectWord('JOIN');
  tokens.acceptWord('LATERAL');
  const source = readSource(tokens, read);
  tokens.expectWord('ON');
  return { kind: 'join', join: 'right', source, condition: { kind: 'on', condition: read(tokens) } };
}

function readStep(tokens: TokenStream, read: Read): FromStep | undefined {
  if (tokens.acceptSign(',')) {
    tokens.acceptWord('LATERAL');
    return { kind: 'comma', join: 'inner', source: readSource(tokens, read), condition: { kind: 'none' } };
  }
  const join = readJoinKind(tokens);
  if (tokens.acceptWord('UNNEST') || tokens.acceptWord('FLATTEN')) return readUnnest(tokens, read, join ?? 'inner');
  const kind = tokens.acceptWord('JOIN') ? 'join' : tokens.acceptWord('NEST') ? 'nest' : undefined;
  if (kind === undefined) {
    if (join !== undefined) throw tokens.unexpected();
    return undefined;
  }
  tokens.acceptWord('LATERAL');
  const source = readSource(tokens, read);
  return { kind, join: join ?? 'inner', source, condition: readCondition(tokens, read) };
}

function readJoinKind(tokens: TokenStream): JoinKind | undefined {
  if (tokens.acceptWord('INNER')) return 'inner';
  if (!tokens.acceptWord('LEFT')) return undefined;
  tokens.acceptWord('OUTER');
  return 'left';
}

function readUnnest(tokens: TokenStream, read: Read, join: JoinKind): FromStep {
  const at = tokens.peek().start;
  return { kind: 'unnest', join, expression: read(tokens), alias: readAlias(tokens), at };
}

function readCondition(tokens: TokenStream, read: Read): JoinCondition {
  tokens.expectWord('ON');
  const isPrimary = tokens.isWord('PRIMARY');
  if (isPrimary) tokens.take();
  if (tokens.acceptWord('KEYS')) {
    return { kind: 'on keys', validate: tokens.acceptWord('VALIDATE'), keys: read(tokens) };
  }
  if (tokens.acceptWord('KEY')) {
    tokens.acceptWord('VALIDATE');
    const key = read(tokens);
    tokens.expectWord('FOR');
    return { kind: 'on key for', key, alias: tokens.expectName() };
  }
  if (isPrimary) throw tokens.unexpected();
  return { kind: 'on', condition: read(tokens) };
}
