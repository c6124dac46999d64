import type { Refusal } from '../base/refusal.js';
import type { Session } from './context.js';
import type { Request } from './request.js';

/**
 * One KV command: data that dispatch checks before anything runs, and the function that answers. Adding a command
 * touches the file that defines it and one line of the registry.
 */
export interface Command {
  readonly opcode: number;
  /** As the server's own messages spell it: `GET`, `SUBDOC_DICT_UPSERT`. */
  readonly name: string;
  /**
   * What a request needs to be answered: `connection` nothing; `bucket` a selected bucket; `vbucket` one, and a vbucket
   * of it that is active on this node (else NOT_MY_VBUCKET; a pending one parks the request), and, when the command has
   * a document key, a collection that exists.
   */
  readonly scope: 'connection' | 'bucket' | 'vbucket';
  /** For scope `vbucket`: take the vbucket in this state instead of active. `present` takes any but an absent or dead one. A request may ask for a replica instead (`Request.fromReplica`). */
  readonly vbucketState?: 'active' | 'replica' | 'present' | 'any';
  readonly shape: Shape;
  /** The privileges needed, one after the other; in each mask any one bit is enough. Default none. */
  readonly privileges?: readonly number[];
  /** Which answer is left out: that to a success (SETQ), or that to a missing document (GETQ). Default none. */
  readonly quiet?: 'success' | 'miss';
  /** The HELLO feature without which the node does not know the command at all. Default undefined: every node does. */
  readonly feature?: number;
  /** Served before authentication. Default false. */
  readonly beforeAuth?: boolean;
  /**
   * Needs the document's value, so that it waits where that is on disk only; `of-xattrs`: only where the document has
   * extended attributes. Default undefined: keys and metadata will do, which are always in memory.
   */
  readonly readsValue?: 'always' | 'of-xattrs';
  /** Stores something: it is refused temporarily when memory is short. Default false. */
  readonly takesMemory?: boolean;
  /** With unordered execution, may overtake and be overtaken by others of this kind. Default false. */
  readonly reorderable?: boolean;
  /** Answers: exactly one of the request's reply methods, now or, after `request.park()`, later. Quiet ones may not. */
  run(request: Request, session: Session): void;
}

/** Whether a part of the request must be there. */
export type Presence = 'none' | 'required' | 'optional';

/** The form of a well-formed request. All that is left out must be absent from the request. */
export interface Shape {
  /** Length of the extras in bytes; several lengths when there is a choice. `any`: `check` looks at them. Default 0. */
  readonly extras?: number | readonly number[] | 'any';
  readonly key?: Presence;
  readonly value?: Presence;
  /** `required` means not zero. */
  readonly cas?: Presence;
  /** Bits of the datatype byte that may be set. Default 0. Snappy and JSON need their feature besides. */
  readonly datatypes?: number;
  /** Which framing extras have a meaning for the command (`Framing`). Default 0. */
  readonly framing?: number;
  /**
   * The key is a document's: it has a collection prefix once collections are agreed, and is 250 bytes at most.
   * Default: true for scope `vbucket` with a required key.
   */
  readonly documentKey?: boolean;
  /** What remains to be checked, after all of the above. */
  readonly check?: (request: Request, session: Session) => Refusal | undefined;
}

/** Bits of `Shape.framing`. */
export const Framing = {
  Durability: 1,
  PreserveTtl: 2,
} as const;
