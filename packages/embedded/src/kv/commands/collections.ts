import { Datatype, Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import { manifestJson, parseManifest, type ScopeEntry, succession } from '../../store/manifest.js';
import type { Command } from '../command.js';
import { replyUnknownCollection } from '../location-reply.js';
import type { Request } from '../request.js';

/** Source for all: kv_engine docs/Collections.md and docs/BinaryProtocol.md. */
export const getCollectionsManifest: Command = {
  opcode: Opcode.GetCollectionsManifest,
  name: 'COLLECTIONS_GET_MANIFEST',
  scope: 'bucket',
  shape: {},
  run: (request) => {
    request.begin().utf8(manifestJson(request.bucket.manifest));
    request.end(Status.Success, request.datatypeOut(Datatype.Json));
  },
};

export const setCollectionsManifest: Command = {
  opcode: Opcode.SetCollectionsManifest,
  name: 'COLLECTIONS_SET_MANIFEST',
  scope: 'bucket',
  shape: { value: 'required', datatypes: Datatype.Json },
  privileges: [Privilege.BucketManagement],
  run: runSetManifest,
};

function runSetManifest(request: Request): void {
  const text = request.frame.value.toString('utf8');
  const next = parseManifest(text);
  if (next === undefined) {
    const context = `Collections::Manager::update manifest json invalid:${text}: invalid arguments`;
    request.replyError(Status.Invalid, context);
    return;
  }
  const obstacle = succession(request.bucket.manifest, next);
  if (obstacle !== undefined) {
    request.replyError(Status.CannotApplyCollectionsManifest, obstacle);
    return;
  }
  request.bucket.setManifest(next);
  request.reply(Status.Success);
}

/** The id of `scope.collection`, which stands in the value, or, as older clients send it, in the key. */
export const getCollectionId: Command = {
  opcode: Opcode.GetCollectionId,
  name: 'COLLECTIONS_GET_ID',
  scope: 'bucket',
  shape: { key: 'optional', value: 'optional' },
  run: runCollectionId,
};

function runCollectionId(request: Request): void {
  const [scopeName, collectionName, ...rest] = path(request).split('.');
  if (collectionName === undefined || rest.length > 0) {
    request.reply(Status.Invalid);
    return;
  }
  const scope = findScope(request, scopeName!);
  if (scope === undefined) {
    replyUnknownCollection(request, Status.UnknownScope);
    return;
  }
  const name = collectionName === '' ? '_default' : collectionName;
  const collection = scope.collections.find((one) => one.name === name);
  if (collection === undefined) replyUnknownCollection(request, Status.UnknownCollection);
  else replyId(request, collection.id);
}

/** The id of a scope; of a longer path only the scope counts. */
export const getScopeId: Command = {
  opcode: Opcode.GetScopeId,
  name: 'COLLECTIONS_GET_SCOPE_ID',
  scope: 'bucket',
  shape: { key: 'optional', value: 'optional' },
  run: (request) => {
    const scope = findScope(request, path(request).split('.')[0]!);
    if (scope === undefined) replyUnknownCollection(request, Status.UnknownScope);
    else replyId(request, scope.id);
  },
};

function path({ frame }: Request): string {
  return (frame.keyLength > 0 ? frame.key : frame.value).toString('utf8');
}

function findScope({ bucket }: Request, name: string): ScopeEntry | undefined {
  return bucket.manifest.scopes.find((scope) => scope.name === (name === '' ? '_default' : name));
}

function replyId(request: Request, id: number): void {
  const writer = request.begin();
  writer.u64(request.bucket.manifest.uid);
  writer.u32(id);
  writer.endExtras();
  request.end(Status.Success);
}
