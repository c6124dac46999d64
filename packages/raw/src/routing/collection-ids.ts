import {
  CollectionNotFoundError,
  type CouchbaseError,
  type Frame,
  Opcode,
  ProtocolError,
  ScopeNotFoundError,
  TimeoutError,
  u32,
} from '@cb/protocol';
import { Operation, type OperationHolder, type OperationSpec } from '../operation/operation.js';
import type { Errback } from '../results/async-result.js';
import { Result } from '../results/results.js';
import { extend, type HoldUp } from '../time/hold-up.js';
import { defaultTranscoder } from '../values/transcoder.js';

/** One collection by name, and what is known of its id. All handles of a bucket on the collection share it. */
export class CollectionRef implements OperationHolder {
  readonly scope: string;
  readonly name: string;
  id: number | undefined = undefined;
  /** Operations that wait for the id, in order. */
  readonly waiting = new Set<Operation>();
  lookup: Operation | undefined = undefined;

  constructor(scope: string, name: string) {
    this.scope = scope;
    this.name = name;
  }

  get path(): string {
    return `${this.scope}.${this.name}`;
  }

  release(operation: Operation): boolean {
    this.waiting.delete(operation);
    return false;
  }
}

class CollectionIdResult extends Result {
  readonly id: number;

  constructor(id: number) {
    super('', 0);
    this.id = id;
  }
}

/** Source: kv_engine docs/Collections.md, "Get collection id": the path in the value, the id behind the manifest's uid. */
const collectionIdSpec: OperationSpec<CollectionIdResult> = {
  name: 'collection id',
  opcode: Opcode.GetCollectionId,
  idempotent: true,
  route: 'node',
  quiet: false,
  result(_operation: Operation, frame: Frame): CollectionIdResult {
    if (frame.extrasLength !== 12) {
      throw new ProtocolError(`the answer to a collection id has ${frame.extrasLength} bytes of extras, not 12`);
    }
    return new CollectionIdResult(u32(frame.bytes, frame.extrasStart + 8));
  },
};

/**
 * The ids of the bucket's collections: asked for once, by whichever operation needs one first; the others wait for the
 * same answer.
 */
export class CollectionIds {
  readonly #refs = new Map<string, CollectionRef>();
  /** Sends an operation on its way, with its own deadline set. */
  readonly #issue: (operation: Operation) => void;
  readonly #dispatch: (operation: Operation) => void;

  constructor(issue: (operation: Operation) => void, dispatch: (operation: Operation) => void) {
    this.#issue = issue;
    this.#dispatch = dispatch;
  }

  refOf(scope: string, name: string): CollectionRef {
    const path = `${scope}.${name}`;
    let ref = this.#refs.get(path);
    if (ref === undefined) {
      ref = new CollectionRef(scope, name);
      this.#refs.set(path, ref);
    }
    return ref;
  }

  get isBusy(): boolean {
    for (const ref of this.#refs.values()) if (ref.waiting.size > 0) return true;
    return false;
  }

  /** Keeps the operation until the id of its collection is known. */
  await(operation: Operation, ref: CollectionRef): void {
    operation.state = 'queued';
    operation.holder = ref;
    ref.waiting.add(operation);
    if (ref.lookup === undefined) this.#lookUp(ref, operation.timeoutMs);
  }

  /** A server does not know the id: the collection was dropped, and perhaps created again under another id. */
  forget(ref: CollectionRef, id: number): void {
    if (ref.id === id) ref.id = undefined;
  }

  tick(now: number): void {
    for (const ref of this.#refs.values()) {
      for (const operation of ref.waiting) {
        if (operation.deadline > now) continue;
        ref.waiting.delete(operation);
        operation.holder = undefined;
        const message = `the id of collection ${ref.path} was not found out within ${operation.timeoutMs} ms`;
        operation.fail(new TimeoutError(message, operation.details()));
      }
    }
  }

  /** Moves the deadlines of all that wait. */
  extend(holdUp: HoldUp): void {
    for (const ref of this.#refs.values()) for (const operation of ref.waiting) extend(operation, holdUp);
  }

  /** Gives back all operations that wait. */
  takeAll(): Operation[] {
    return [...this.#refs.values()].flatMap((ref) => this.#takeWaiting(ref));
  }

  #lookUp(ref: CollectionRef, timeoutMs: number): void {
    const lookup = new Operation(collectionIdSpec, '', defaultTranscoder);
    lookup.payload = ref.path;
    lookup.timeoutMs = timeoutMs;
    ref.lookup = lookup;
    const found = ({ id }: CollectionIdResult): void => {
      ref.lookup = undefined;
      ref.id = id;
      for (const operation of this.#takeWaiting(ref)) this.#dispatch(operation);
    };
    const failed: Errback = (_result, _errorClass, error) => {
      ref.lookup = undefined;
      for (const operation of this.#takeWaiting(ref)) operation.fail(namedError(operation, ref, error));
    };
    lookup.setCallbacks(found, failed);
    this.#issue(lookup);
  }

  #takeWaiting(ref: CollectionRef): Operation[] {
    const waiting = [...ref.waiting];
    ref.waiting.clear();
    for (const operation of waiting) {
      operation.holder = undefined;
      operation.state = 'idle';
    }
    return waiting;
  }
}

/** The failure of a look-up as the failure of an operation that needed it. */
function namedError(operation: Operation, ref: CollectionRef, error: CouchbaseError): CouchbaseError {
  const { status, context, ref: logRef } = error;
  const details = {
    ...operation.details(),
    cause: error,
    ...(status === undefined ? {} : { status }),
    ...(context === undefined ? {} : { context }),
    ...(logRef === undefined ? {} : { ref: logRef }),
  };
  if (error instanceof CollectionNotFoundError) {
    return new CollectionNotFoundError(`there is no collection ${ref.path}`, details);
  }
  if (error instanceof ScopeNotFoundError) return new ScopeNotFoundError(`there is no scope ${ref.scope}`, details);
  const ErrorClass = error.constructor as new (message: string, details: object) => CouchbaseError;
  return new ErrorClass(`the id of collection ${ref.path} could not be found out: ${error.message}`, details);
}
