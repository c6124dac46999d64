import { Datatype, Opcode, Status } from '@cb/protocol';
import { systemXattrs } from '../store/xattr.js';
import type { DocumentChange, SubdocDocument } from './document.js';
import { Draft } from './draft.js';
import type { SubdocEnvironment } from './environment.js';
import { DocFlag } from './operation.js';
import {
  lookupOutcome,
  mutationFailure,
  mutationOutcome,
  refusal,
  type SpecResult,
  type SubdocOutcome,
} from './outcome.js';
import { NOTHING } from './path-operation.js';
import { runPath } from './run-path.js';
import { isXattrSpec, type Spec, type SubdocCommand } from './subdoc-command.js';
import { LOCKED_CAS } from './virtual.js';
import { isSystemXattr } from './xattr.js';
import { XattrEdit } from './xattr-edit.js';

/**
 * Executes a command on a document, or on none. Pure: it stores nothing, and only returns what to store. A tombstone is
 * passed in like any document; the command's flags decide whether it counts.
 */
export function execute(
  command: SubdocCommand,
  found: SubdocDocument | undefined,
  environment: SubdocEnvironment,
): SubdocOutcome {
  const document = found?.stored.deleted && !(command.docFlags & DocFlag.AccessDeleted) ? undefined : found;
  const status = document === undefined ? checkCreation(command) : checkExisting(command, document);
  if (status !== Status.Success) return refusal(status);
  const draft = new Draft(command, document);
  const xattrEdit = new XattrEdit(command, draft, environment);
  const mayUseXattr = mayUse(xattrEdit.keys, command, environment);
  const results: SpecResult[] = [];
  for (const [index, spec] of command.specs.entries()) {
    const result = runSpec(spec, command, draft, mayUseXattr ? xattrEdit : undefined);
    if (command.mutates && result.status !== Status.Success) {
      return mutationFailure(command.isMulti, index, result.status);
    }
    results.push(result);
  }
  return command.mutates ? finish(command, draft, xattrEdit, results) : answer(command, document!, results);
}

function checkCreation({ mutates, docFlags }: SubdocCommand): number {
  if (!mutates || !(docFlags & (DocFlag.Mkdoc | DocFlag.Add))) return Status.KeyNotFound;
  const createsTombstone = (docFlags & DocFlag.CreateAsDeleted) !== 0;
  return docFlags & DocFlag.Revive && !createsTombstone ? Status.SubdocCanOnlyReviveDeletedDocuments : Status.Success;
}

function checkExisting({ mutates, docFlags, cas }: SubdocCommand, { stored, locked }: SubdocDocument): number {
  if (mutates && docFlags & DocFlag.Add) return Status.KeyExists;
  if (locked) {
    // Whether any other CAS is that of the lock shows when the change is stored.
    if (cas === 0n || cas === LOCKED_CAS) return Status.Locked;
  } else if (cas !== 0n && cas !== stored.cas) {
    return Status.KeyExists;
  }
  return docFlags & DocFlag.Revive && !stored.deleted ? Status.SubdocCanOnlyReviveDeletedDocuments : Status.Success;
}

/** Of several attributes, one that is out of bounds is enough to refuse all. */
function mayUse(keys: Iterable<string>, { mutates }: SubdocCommand, environment: SubdocEnvironment): boolean {
  if (![...keys].some(isSystemXattr)) return true;
  return mutates ? environment.mayWriteSystemXattrs : environment.mayReadSystemXattrs;
}

function runSpec(spec: Spec, command: SubdocCommand, draft: Draft, xattrEdit: XattrEdit | undefined): SpecResult {
  if (isXattrSpec(spec)) return xattrEdit?.run(spec, draft) ?? failure(Status.Access);
  return spec.operation.scope === 'document' ? runOnBody(spec, draft) : runInBody(spec, command, draft);
}

function failure(status: number): SpecResult {
  return { status, value: NOTHING };
}

const SUCCESS: SpecResult = { status: Status.Success, value: NOTHING };

function runOnBody({ operation, value }: Spec, draft: Draft): SpecResult {
  if (operation.mutates) {
    // What is stored outlives the request's own memory.
    draft.replaceBody(operation.opcode === Opcode.Delete ? NOTHING : Buffer.from(value));
    return SUCCESS;
  }
  return draft.body.length > 0 ? { status: Status.Success, value: draft.body } : failure(Status.SubdocPathNotFound);
}

function runInBody(spec: Spec, { docFlags }: SubdocCommand, draft: Draft): SpecResult {
  if (!draft.isJson) return failure(Status.SubdocDocNotJson);
  const result = runPath(spec, draft.body, spec.value, docFlags);
  if (typeof result === 'number') return failure(result);
  if (result.text !== undefined) draft.body = result.text;
  return { status: Status.Success, value: result.value };
}

function answer(command: SubdocCommand, { stored }: SubdocDocument, results: readonly SpecResult[]): SubdocOutcome {
  const { isMulti, specs, docFlags, cas } = command;
  // A single lookup that may revive does not report that it read a tombstone.
  const deleted = stored.deleted && (isMulti || !(docFlags & DocFlag.Revive));
  return lookupOutcome(isMulti, specs, results, { cas: cas === 0n ? stored.cas : cas, deleted });
}

function finish(
  { specs, docFlags, isMulti }: SubdocCommand,
  draft: Draft,
  xattrEdit: XattrEdit,
  results: readonly SpecResult[],
): SubdocOutcome {
  const deletes = specs.some(({ operation }) => operation.opcode === Opcode.Delete);
  const isTombstone = draft.isTombstone && !(docFlags & DocFlag.Revive);
  xattrEdit.finish(draft);
  if (deletes) draft.xattrs = systemXattrs(draft.xattrs);
  if (isTombstone && draft.body.length > 0) {
    return refusal(Status.SubdocDeletedDocumentCantHaveValue, "A deleted document can't have a value");
  }
  const change: DocumentChange = {
    original: draft.original?.stored,
    body: draft.body,
    xattrs: draft.xattrs,
    datatype: draft.isJson ? Datatype.Json : Datatype.Raw,
    deleted: deletes || isTombstone,
    expandMacros: xattrEdit.macroExpansion(draft),
  };
  return mutationOutcome(isMulti, specs, results, change, isTombstone);
}
