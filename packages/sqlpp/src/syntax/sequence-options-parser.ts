import type { ChangeSequence, SequenceOptions } from './definition.js';
import { acceptIfExists, acceptIfNotExists, readWithOptions } from './definition-parser.js';
import type { Expression } from './expression.js';
import { readExpression } from './expression-parser.js';
import { readKeyspace } from './keyspace-parser.js';
import type { TokenStream } from './token-stream.js';

/** Reads on behind CREATE, ALTER or DROP SEQUENCE. */
export function readChangeSequence(tokens: TokenStream, kind: ChangeSequence['kind']): ChangeSequence {
  const accept = kind === 'create sequence' ? acceptIfNotExists : acceptIfExists;
  const takesLenient = kind !== 'alter sequence';
  const before = takesLenient && accept(tokens);
  const path = readKeyspace(tokens);
  const lenient = before || (takesLenient && accept(tokens));
  const options = kind === 'drop sequence' ? {} : readOptions(tokens);
  if (kind === 'alter sequence' && Object.keys(options).length === 0) throw tokens.unexpected();
  return { kind, path, lenient, options };
}

function readOptions(tokens: TokenStream): SequenceOptions {
  let options: SequenceOptions = {};
  for (let option = readOption(tokens); option !== undefined; option = readOption(tokens)) {
    options = { ...options, ...option };
  }
  return options;
}

const LIMITS = { MAXVALUE: 'maximum', MINVALUE: 'minimum', CACHE: 'cache' } as const;

function readOption(tokens: TokenStream): SequenceOptions | undefined {
  if (tokens.isWord('WITH')) return { with: readWithOptions(tokens) };
  if (tokens.acceptWords('START', 'WITH')) return { start: readExpression(tokens) };
  if (tokens.acceptWords('RESTART', 'WITH')) return { restart: readExpression(tokens) };
  if (tokens.acceptWord('RESTART')) return { restart: true };
  if (tokens.acceptWords('INCREMENT', 'BY')) return { increment: readExpression(tokens) };
  if (tokens.acceptWord('CYCLE')) return { cycle: true };
  if (tokens.acceptWords('NO', 'CYCLE')) return { cycle: false };
  for (const [word, name] of Object.entries(LIMITS)) {
    if (tokens.acceptWords('NO', word)) return limitOf(name, null);
    if (tokens.acceptWord(word)) return limitOf(name, readExpression(tokens));
  }
  return undefined;
}

function limitOf(name: 'maximum' | 'minimum' | 'cache', value: Expression | null): SequenceOptions {
  return { [name]: value };
}
