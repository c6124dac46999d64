import { Datatype } from '@cb/protocol';
import { isJson } from '../store/json.js';
import type { SubdocDocument } from './document.js';
import { DocFlag } from './operation.js';
import { NOTHING } from './path-operation.js';
import type { SubdocCommand } from './subdoc-command.js';

/** The document as a command leaves it, operation by operation. */
export class Draft {
  /** What was there before; undefined when the document is being made. */
  readonly original: SubdocDocument | undefined;
  /** It is a tombstone that is worked on, or made. */
  readonly isTombstone: boolean;
  body: Buffer;
  isJson: boolean;
  /** The section of attributes; undefined when there are none. */
  xattrs: Buffer | undefined;

  constructor(command: SubdocCommand, original: SubdocDocument | undefined) {
    this.original = original;
    this.isTombstone = original?.stored.deleted ?? (command.docFlags & DocFlag.CreateAsDeleted) !== 0;
    this.body = original?.body ?? newBody(command);
    this.isJson = original === undefined ? this.body.length > 0 : (original.stored.datatype & Datatype.Json) !== 0;
    this.xattrs = original?.stored.xattrs;
  }

  replaceBody(body: Buffer): void {
    this.body = body;
    this.isJson = isJson(body);
  }
}

/** What a document is made with: the container that the first path needs. */
function newBody({ specs, docFlags }: SubdocCommand): Buffer {
  const first = specs.find(({ operation }) => operation.scope === 'path');
  if (docFlags & DocFlag.CreateAsDeleted || first === undefined) return NOTHING;
  return Buffer.from(/^\s*(\[|$)/.test(first.path.toString('latin1')) ? '[]' : '{}');
}
