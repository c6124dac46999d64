import { readKeyspace } from './keyspace-parser.js';
import type { Unsupported } from './statement.js';
import type { TokenStream } from './token-stream.js';

/** Reads a statement that is known and not carried out. */
export function readUnsupported(tokens: TokenStream): Unsupported {
  const { start } = tokens.peek();
  const what = readKnown(tokens);
  return { kind: 'unsupported', what, text: tokens.text.slice(start, tokens.peek().start).trimEnd() };
}

/** Reads the statement, and returns what it is called. */
function readKnown(tokens: TokenStream): string {
  if (tokens.acceptWord('ADVISE')) return skip(tokens, 'ADVISE');
  if (tokens.acceptWord('ANALYZE')) return skip(tokens, 'ANALYZE');
  if (tokens.acceptWords('UPDATE', 'STATISTICS')) return skip(tokens, 'UPDATE STATISTICS');
  if (tokens.acceptWord('GRANT')) return readRoles(tokens, 'GRANT', 'TO');
  if (tokens.acceptWord('REVOKE')) return readRoles(tokens, 'REVOKE', 'FROM');
  if (tokens.acceptWord('START') || tokens.acceptWord('BEGIN')) return readStart(tokens);
  if (tokens.acceptWord('COMMIT')) {
    acceptTransaction(tokens);
    return 'COMMIT TRANSACTION';
  }
  if (tokens.acceptWord('ROLLBACK')) return readRollback(tokens);
  if (tokens.acceptWord('SAVEPOINT')) {
    tokens.expectName();
    return 'SAVEPOINT';
  }
  tokens.expectWord('SET');
  tokens.expectWord('TRANSACTION');
  readIsolation(tokens);
  return 'SET TRANSACTION ISOLATION';
}

/** Takes the rest of a statement whose details mean nothing here. */
function skip(tokens: TokenStream, what: string): string {
  do tokens.take();
  while (tokens.peek().kind !== 'end' && !tokens.isSign(';'));
  return what;
}

function acceptTransaction(tokens: TokenStream): boolean {
  return tokens.acceptWord('TRAN') || tokens.acceptWord('TRANSACTION') || tokens.acceptWord('WORK');
}

function readStart(tokens: TokenStream): string {
  if (!acceptTransaction(tokens)) throw tokens.unexpected();
  if (tokens.isWord('ISOLATION')) readIsolation(tokens);
  return 'START TRANSACTION';
}

function readIsolation(tokens: TokenStream): void {
  for (const word of ['ISOLATION', 'LEVEL', 'READ', 'COMMITTED']) tokens.expectWord(word);
}

function readRollback(tokens: TokenStream): string {
  acceptTransaction(tokens);
  if (!tokens.acceptWord('TO')) return 'ROLLBACK TRANSACTION';
  tokens.expectWord('SAVEPOINT');
  tokens.expectName();
  return 'ROLLBACK TRANSACTION';
}

function readRoles(tokens: TokenStream, verb: string, preposition: string): string {
  tokens.list(() => readRole(tokens));
  if (tokens.acceptWord('ON')) tokens.list(() => readKeyspace(tokens));
  tokens.expectWord(preposition);
  tokens.list(() => tokens.expectName());
  return `${verb} ROLE`;
}

function readRole(tokens: TokenStream): void {
  const isWord = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'].some((word) => tokens.acceptWord(word));
  if (!isWord) tokens.expectName();
}
