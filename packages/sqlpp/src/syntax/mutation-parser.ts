import { readAlias, readBindings } from './constructor-parser.js';
import type { Expression } from './expression.js';
import { readExpression } from './expression-parser.js';
import { readSource } from './from-parser.js';
import { readKeyspace } from './keyspace-parser.js';
import type {
  Changes,
  Delete,
  Insert,
  Merge,
  MergeInsert,
  NewDocument,
  SetTerm,
  Target,
  UnsetTerm,
  Update,
  UpdateFor,
} from './mutation.js';
import { readProjection } from './projection-parser.js';
import type { Projection } from './select.js';
import { readLimits, readSelect } from './select-parser.js';
import type { TokenStream } from './token-stream.js';
import { isMetaPath, readMetaPath, readUpdatePath } from './update-path.js';
import { readUse } from './use-parser.js';

export function readInsert(tokens: TokenStream): Insert {
  const overwrite = tokens.take().value === 'UPSERT';
  tokens.expectWord('INTO');
  const target = readTarget(tokens, false);
  const source = readInsertSource(tokens);
  return { kind: 'insert', overwrite, target, source, returning: readReturning(tokens) };
}

function readInsertSource(tokens: TokenStream): Insert['source'] {
  if (tokens.isSign('(') && !acceptHeader(tokens)) {
    const document = readSelectedDocument(tokens);
    if (!tokens.isSelect() && !tokens.isSign('(')) throw tokens.unexpected();
    return { kind: 'select', document, select: readSelect(tokens) };
  }
  tokens.expectWord('VALUES');
  const documents = tokens.list(() => {
    tokens.acceptWord('VALUES');
    return readValueGroup(tokens);
  });
  return { kind: 'values', documents };
}

/** Takes `(KEY, VALUE)` or `(KEY, VALUE, OPTIONS)`, which says what is so anyway. */
function acceptHeader(tokens: TokenStream): boolean {
  const key = tokens.isWord('PRIMARY', 1) ? 2 : 1;
  if (!tokens.isWord('KEY', key) || !tokens.isSign(',', key + 1)) return false;
  for (let at = 0; at <= key + 1; at++) tokens.take();
  tokens.expectWord('VALUE');
  if (tokens.acceptSign(',')) tokens.expectWord('OPTIONS');
  tokens.expectSign(')');
  return true;
}

/** Reads `(KEY expression, VALUE expression, OPTIONS expression)`. */
function readSelectedDocument(tokens: TokenStream): NewDocument {
  tokens.expectSign('(');
  tokens.acceptWord('PRIMARY');
  tokens.expectWord('KEY');
  const key = readExpression(tokens);
  const value = acceptPart(tokens, 'VALUE') ? readExpression(tokens) : undefined;
  const options = acceptPart(tokens, 'OPTIONS') ? readExpression(tokens) : undefined;
  tokens.expectSign(')');
  return { key, value, options };
}

function acceptPart(tokens: TokenStream, word: string): boolean {
  if (!tokens.isSign(',') || !tokens.isWord(word, 1)) return false;
  tokens.take();
  tokens.take();
  return true;
}

function readValueGroup(tokens: TokenStream): NewDocument {
  tokens.expectSign('(');
  const key = readExpression(tokens);
  tokens.expectSign(',');
  const value = readExpression(tokens);
  const options = tokens.acceptSign(',') ? readExpression(tokens) : undefined;
  tokens.expectSign(')');
  return { key, value, options };
}

function readTarget(tokens: TokenStream, takesUse: boolean): Target {
  const at = tokens.peek().start;
  const keyspace = tokens.peek().kind === 'parameter' ? readExpression(tokens) : readKeyspace(tokens);
  return { keyspace, alias: readAlias(tokens), use: takesUse ? readUse(tokens, readExpression) : {}, at };
}

function readReturning(tokens: TokenStream): Projection | undefined {
  if (!tokens.acceptWord('RETURNING')) return undefined;
  if (tokens.isWord('DISTINCT') || tokens.isWord('ALL')) throw tokens.unexpected();
  return readProjection(tokens, readExpression);
}

function readWhere(tokens: TokenStream): Expression | undefined {
  return tokens.acceptWord('WHERE') ? readExpression(tokens) : undefined;
}

export function readUpdate(tokens: TokenStream): Update {
  tokens.expectWord('UPDATE');
  tokens.takeHint();
  const target = readTarget(tokens, true);
  const changes = readChanges(tokens);
  const where = readWhere(tokens);
  const limit = tokens.acceptWord('LIMIT') ? readExpression(tokens) : undefined;
  return { kind: 'update', target, ...changes, where, limit, returning: readReturning(tokens) };
}

function readChanges(tokens: TokenStream): Changes {
  const set = tokens.acceptWord('SET') ? tokens.list(() => readSetTerm(tokens)) : [];
  const unset = tokens.acceptWord('UNSET') ? tokens.list(() => readUnsetTerm(tokens)) : [];
  if (set.length === 0 && unset.length === 0) throw tokens.unexpected();
  return { set, unset };
}

function readSetTerm(tokens: TokenStream): SetTerm {
  const meta = isMetaPath(tokens);
  const path = (meta ? readMetaPath : readUpdatePath)(tokens, readExpression);
  if (!tokens.isSign('=') || tokens.text.startsWith('==', tokens.peek().start)) throw tokens.unexpected();
  tokens.take();
  return { path, meta, value: readExpression(tokens), loop: readLoop(tokens) };
}

function readUnsetTerm(tokens: TokenStream): UnsetTerm {
  const path = readUpdatePath(tokens, readExpression);
  return { path, loop: readLoop(tokens) };
}

function readLoop(tokens: TokenStream): UpdateFor | undefined {
  if (!tokens.isWord('FOR')) return undefined;
  const loops = [];
  while (tokens.acceptWord('FOR')) loops.push(readBindings(tokens, readExpression));
  const when = tokens.acceptWord('WHEN') ? readExpression(tokens) : undefined;
  tokens.expectWord('END');
  return { loops, when };
}

export function readDelete(tokens: TokenStream): Delete {
  tokens.expectWord('DELETE');
  tokens.takeHint();
  tokens.expectWord('FROM');
  const target = readTarget(tokens, true);
  const where = readWhere(tokens);
  return { kind: 'delete', target, where, ...readLimits(tokens), returning: readReturning(tokens) };
}

export function readMerge(tokens: TokenStream): Merge {
  tokens.expectWord('MERGE');
  tokens.takeHint();
  tokens.expectWord('INTO');
  const target = readTarget(tokens, true);
  tokens.expectWord('USING');
  const source = readSource(tokens, readExpression);
  tokens.expectWord('ON');
  const onKey = tokens.acceptWord('KEY') || tokens.acceptWords('PRIMARY', 'KEY');
  const on = readExpression(tokens);
  const actions = readActions(tokens);
  const limit = tokens.acceptWord('LIMIT') ? readExpression(tokens) : undefined;
  return { kind: 'merge', target, source, onKey, on, ...actions, limit, returning: readReturning(tokens) };
}

/** Reads WHEN clauses: each at most once, and in this order. */
function readActions(tokens: TokenStream): Pick<Merge, 'update' | 'delete' | 'insert'> {
  const actions: { -readonly [name in 'update' | 'delete' | 'insert']?: Merge[name] } = {};
  while (actions.insert === undefined && tokens.acceptWord('WHEN')) {
    const isNew = actions.delete !== undefined || tokens.isWord('NOT');
    if (isNew) tokens.expectWord('NOT');
    tokens.expectWord('MATCHED');
    tokens.expectWord('THEN');
    if (isNew) {
      tokens.expectWord('INSERT');
      actions.insert = readMergeInsert(tokens);
    } else if (actions.update === undefined && tokens.acceptWord('UPDATE')) {
      actions.update = { ...readChanges(tokens), where: readWhere(tokens) };
    } else {
      tokens.expectWord('DELETE');
      actions.delete = { where: readWhere(tokens) };
    }
  }
  return actions;
}

function readMergeInsert(tokens: TokenStream): MergeInsert {
  const isNamed = tokens.isSign('(') && (tokens.isWord('KEY', 1) || tokens.isWord('PRIMARY', 1));
  if (isNamed) return { ...readSelectedDocument(tokens), where: readWhere(tokens) };
  if (!tokens.isSign('(')) return { value: readExpression(tokens), where: readWhere(tokens) };
  tokens.take();
  const first = readExpression(tokens);
  if (tokens.acceptSign(')')) return { value: first, where: readWhere(tokens) };
  tokens.expectSign(',');
  const value = readExpression(tokens);
  const options = tokens.acceptSign(',') ? readExpression(tokens) : undefined;
  tokens.expectSign(')');
  return { key: first, value, options, where: readWhere(tokens) };
}
