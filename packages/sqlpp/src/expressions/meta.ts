import type { Item } from '../keyspaces/keyspace.js';
import type { Call } from '../syntax/expression.js';
import { BinaryValue, type Value } from '../values/value.js';
import type { CompilerHost } from './compiler-host.js';
import { fieldOf } from './paths.js';
import type { Evaluate } from './run.js';

/** Compiles META(alias). What is not a document of a keyspace has none. */
export function meta(call: Call, host: CompilerHost): Evaluate {
  const [operand] = call.operands;
  if (operand?.kind !== 'variable' || !operand.hasMeta) return () => null;
  const slot = operand.slot + 1;
  const keyspace = host.keyspaceOf(operand.slot);
  return (row) => {
    const item = row[slot] as Item | undefined;
    return item === undefined ? undefined : metaOf(item, keyspace);
  };
}

/** Compiles `META(alias).name`, if it is that, without making the whole object. */
export function metaMember(call: Call, name: string, host: CompilerHost): Evaluate | undefined {
  const [operand] = call.operands;
  const isMeta = call.path.length === 1 && call.path[0]?.toLowerCase() === 'meta' && call.over === undefined;
  if (!isMeta || operand?.kind !== 'variable' || !operand.hasMeta) return undefined;
  const slot = operand.slot + 1;
  if (name === 'id') return (row) => (row[slot] as Item | undefined)?.id;
  if (name === 'xattrs') return (row) => (row[slot] as Item | undefined)?.meta?.xattrs;
  const keyspace = host.keyspaceOf(operand.slot);
  return (row) => {
    const item = row[slot] as Item | undefined;
    return item === undefined ? undefined : fieldOf(metaOf(item, keyspace), name);
  };
}

/** Attributes are not part of it: they are given where they are named. */
function metaOf({ id, document, meta = {} }: Item, keyspace: string | undefined): Value {
  const { cas = 0, expiration = 0, flags = 0 } = meta;
  return {
    id,
    cas,
    expiration,
    flags,
    type: document instanceof BinaryValue ? 'base64' : 'json',
    ...(keyspace !== undefined && { keyspace }),
  };
}
