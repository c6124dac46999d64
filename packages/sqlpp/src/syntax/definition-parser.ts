import { readKeyOrder } from './call-parser.js';
import type {
  AlterIndex,
  BuildIndex,
  ChangeCollections,
  CreateIndex,
  DropIndex,
  IndexKey,
  Infer,
} from './definition.js';
import type { Expression } from './expression.js';
import { readExpression } from './expression-parser.js';
import { readKeyspace } from './keyspace-parser.js';
import type { KeyspacePath } from './select.js';
import type { TokenStream } from './token-stream.js';
import { acceptIndexType } from './use-parser.js';

export function acceptIfNotExists(tokens: TokenStream): boolean {
  return tokens.acceptWords('IF', 'NOT', 'EXISTS');
}

export function acceptIfExists(tokens: TokenStream): boolean {
  return tokens.acceptWords('IF', 'EXISTS');
}

/** Reads `WITH expression`. */
export function readWithOptions(tokens: TokenStream): Expression | undefined {
  return tokens.acceptWord('WITH') ? readExpression(tokens) : undefined;
}

function skipUsing(tokens: TokenStream): void {
  if (tokens.acceptWord('USING')) acceptIndexType(tokens);
}

/** Reads on behind CREATE PRIMARY INDEX. */
export function readCreatePrimaryIndex(tokens: TokenStream): CreateIndex {
  const before = acceptIfNotExists(tokens);
  const name = tokens.isName() ? tokens.take().value : undefined;
  const ifNotExists = before || acceptIfNotExists(tokens);
  tokens.expectWord('ON');
  const keyspace = readKeyspace(tokens);
  const partitionBy = readPartition(tokens);
  skipUsing(tokens);
  const options = readWithOptions(tokens);
  return { kind: 'create index', primary: true, name, ifNotExists, keyspace, keys: [], partitionBy, with: options };
}

/** Reads on behind CREATE INDEX. */
export function readCreateIndex(tokens: TokenStream): CreateIndex {
  const before = acceptIfNotExists(tokens);
  const name = tokens.expectName();
  const ifNotExists = before || acceptIfNotExists(tokens);
  tokens.expectWord('ON');
  const keyspace = readKeyspace(tokens);
  tokens.expectSign('(');
  const keys = tokens.list(() => readIndexKey(tokens));
  tokens.expectSign(')');
  const partitionBy = readPartition(tokens);
  const where = tokens.acceptWord('WHERE') ? readExpression(tokens) : undefined;
  skipUsing(tokens);
  const options = readWithOptions(tokens);
  return { kind: 'create index', primary: false, name, ifNotExists, keyspace, keys, partitionBy, where, with: options };
}

function readPartition(tokens: TokenStream): Expression[] {
  if (!tokens.acceptWords('PARTITION', 'BY', 'HASH')) return [];
  tokens.expectSign('(');
  const keys = tokens.list(() => readExpression(tokens));
  tokens.expectSign(')');
  return keys;
}

function readIndexKey(tokens: TokenStream): IndexKey {
  const isEach = tokens.acceptWord('ALL') || tokens.acceptWord('EACH');
  const distinct = tokens.acceptWord('DISTINCT');
  const value = readExpression(tokens);
  return { value, each: isEach || distinct ? { distinct } : undefined, ...readKeyOrder(tokens) };
}

/** Reads on behind DROP PRIMARY INDEX. */
export function readDropPrimaryIndex(tokens: TokenStream): DropIndex {
  const before = acceptIfExists(tokens);
  const name = tokens.isName() ? tokens.take().value : undefined;
  const ifExists = before || acceptIfExists(tokens);
  tokens.expectWord('ON');
  const keyspace = readKeyspace(tokens);
  skipUsing(tokens);
  return { kind: 'drop index', primary: true, name, ifExists, keyspace };
}

/** Reads on behind DROP INDEX: `keyspace.name` or `name ON keyspace`. */
export function readDropIndex(tokens: TokenStream): DropIndex {
  const before = acceptIfExists(tokens);
  const { name, keyspace } = readIndexName(tokens, () => !before && acceptIfExists(tokens));
  const ifExists = before || name.lenient;
  skipUsing(tokens);
  return { kind: 'drop index', primary: false, name: name.value, ifExists, keyspace };
}

interface IndexName {
  readonly name: { readonly value: string; readonly lenient: boolean };
  readonly keyspace: KeyspacePath;
}

function readIndexName(tokens: TokenStream, acceptLenient: () => boolean): IndexName {
  const at = tokens.peek().start;
  const first = tokens.expectName();
  if (tokens.acceptSign('.')) {
    const value = tokens.expectName();
    return { name: { value, lenient: acceptLenient() }, keyspace: { parts: [first], at } };
  }
  const lenient = acceptLenient();
  tokens.expectWord('ON');
  return { name: { value: first, lenient }, keyspace: readKeyspace(tokens) };
}

/** Reads on behind ALTER INDEX. */
export function readAlterIndex(tokens: TokenStream): AlterIndex {
  const { name, keyspace } = readIndexName(tokens, () => false);
  skipUsing(tokens);
  tokens.expectWord('WITH');
  return { kind: 'alter index', name: name.value, keyspace, with: readExpression(tokens) };
}

/** Reads on behind BUILD. */
export function readBuildIndex(tokens: TokenStream): BuildIndex {
  tokens.expectWord('INDEX');
  tokens.expectWord('ON');
  const keyspace = readKeyspace(tokens);
  tokens.expectSign('(');
  const names = tokens.list(() => readExpression(tokens));
  tokens.expectSign(')');
  skipUsing(tokens);
  return { kind: 'build index', keyspace, names };
}

/** Reads on behind CREATE SCOPE and its like. */
export function readChangeCollections(tokens: TokenStream, kind: ChangeCollections['kind']): ChangeCollections {
  const accept = kind.startsWith('create') ? acceptIfNotExists : acceptIfExists;
  const takesLenient = kind !== 'flush collection';
  const before = takesLenient && accept(tokens);
  const path = readKeyspace(tokens);
  const lenient = before || (takesLenient && accept(tokens));
  const options = kind === 'create collection' ? readWithOptions(tokens) : undefined;
  return { kind, path, lenient, with: options };
}

/** Reads on behind INFER. */
export function readInfer(tokens: TokenStream): Infer {
  if (!tokens.acceptWord('KEYSPACE')) tokens.acceptWord('COLLECTION');
  const keyspace = readKeyspace(tokens);
  if (tokens.acceptWord('USING')) tokens.expectName();
  return { kind: 'infer', keyspace, with: readWithOptions(tokens) };
}
