import { Feature, Opcode } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import type { Refusal } from '../../base/refusal.js';
import { parseMulti } from '../../subdoc/multi.js';
import { DocFlag, operationOf } from '../../subdoc/operation.js';
import { parseSingle } from '../../subdoc/single.js';
import type { CommandLimits, SubdocCommand } from '../../subdoc/subdoc-command.js';
import { type Command, Framing } from '../command.js';
import type { Session } from '../context.js';
import { isRefusal } from '../incoming-value.js';
import type { Request } from '../request.js';
import { runSubdoc } from './subdoc-run.js';

/*
 * The sub-document commands: what each accepts, and from which users. What they do is in `src/subdoc`.
 * Source: kv_engine docs/SubDocument.md.
 */

type Parse = (request: Request, limits: CommandLimits) => SubdocCommand | Refusal;

/** What the check of a request has read, for the run that follows. */
const parsed = new WeakMap<Request, SubdocCommand>();

function command(
  opcode: number,
  name: string,
  parse: Parse,
  rest: Pick<Command, 'privileges' | 'takesMemory'>,
  framing = 0,
): Command {
  return {
    opcode,
    name,
    scope: 'vbucket',
    shape: {
      extras: 'any',
      key: 'required',
      value: 'optional',
      cas: 'optional',
      framing,
      check: (request, session) => {
        const result = parse(request, limitsOf(session));
        if (isRefusal(result)) return result;
        parsed.set(request, result);
        request.fromReplica = (result.docFlags & DocFlag.ReplicaRead) !== 0;
        return undefined;
      },
    },
    reorderable: true,
    readsValue: 'always',
    run: (request) => runSubdoc(request, parsed.get(request)!),
    ...rest,
  };
}

/**
 * What the node has beyond 7.2 is there for every connection: in HELLO these features only tell of it.
 * Source: kv_engine include/mcbp/protocol/feature.h.
 */
function limitsOf({ node, features, bucket }: Session): CommandLimits {
  return {
    xattrs: features.xattr && bucket?.type !== 'memcached',
    replicaReads: node.grants(Feature.SubdocReplicaRead),
    replicaReadsOfDeleted: node.grants(Feature.SubdocAllowReplicaReadOnDeletedDocs),
    manyXattrs: node.grants(Feature.SubdocAllowsAccessOnMultipleXattrKeys),
    binaryXattrs: node.grants(Feature.SubdocBinaryXattr),
    // Both came with 7.6.2, for transactions with documents that are not JSON.
    userFlags: node.grants(Feature.SubdocBinaryXattr),
  };
}

function single(opcode: number): Parse {
  const operation = operationOf(opcode)!;
  return ({ frame }, limits) => parseSingle(operation, frame, limits);
}

function lookup(opcode: number, name: string, parse: Parse = single(opcode)): Command {
  return command(opcode, name, parse, { privileges: [Privilege.Read] });
}

function mutation(
  opcode: number,
  name: string,
  parse: Parse = single(opcode),
  privileges: readonly number[] = [Privilege.Upsert],
): Command {
  return command(opcode, name, parse, { privileges, takesMemory: true }, Framing.Durability | Framing.PreserveTtl);
}

export const get = lookup(Opcode.SubdocGet, 'SUBDOC_GET');
export const exists = lookup(Opcode.SubdocExists, 'SUBDOC_EXISTS');
export const getCount = lookup(Opcode.SubdocGetCount, 'SUBDOC_GET_COUNT');
export const dictAdd = mutation(Opcode.SubdocDictAdd, 'SUBDOC_DICT_ADD');
export const dictUpsert = mutation(Opcode.SubdocDictUpsert, 'SUBDOC_DICT_UPSERT');
export const remove = mutation(Opcode.SubdocDelete, 'SUBDOC_DELETE');
export const replace = mutation(Opcode.SubdocReplace, 'SUBDOC_REPLACE');
export const arrayPushLast = mutation(Opcode.SubdocArrayPushLast, 'SUBDOC_ARRAY_PUSH_LAST');
export const arrayPushFirst = mutation(Opcode.SubdocArrayPushFirst, 'SUBDOC_ARRAY_PUSH_FIRST');
export const arrayInsert = mutation(Opcode.SubdocArrayInsert, 'SUBDOC_ARRAY_INSERT');
export const arrayAddUnique = mutation(Opcode.SubdocArrayAddUnique, 'SUBDOC_ARRAY_ADD_UNIQUE');

/** Tells a number, so that it takes the right to read besides. */
export const counter = mutation(Opcode.SubdocCounter, 'SUBDOC_COUNTER', single(Opcode.SubdocCounter), [
  Privilege.Read,
  Privilege.Upsert,
]);

export const replaceBodyWithXattr = mutation(Opcode.SubdocReplaceBodyWithXattr, 'SUBDOC_REPLACE_BODY_WITH_XATTR');

export const multiLookup = lookup(Opcode.SubdocMultiLookup, 'SUBDOC_MULTI_LOOKUP', ({ frame }, limits) =>
  parseMulti(false, frame, limits),
);

export const multiMutation = mutation(Opcode.SubdocMultiMutation, 'SUBDOC_MULTI_MUTATION', ({ frame }, limits) =>
  parseMulti(true, frame, limits),
);
