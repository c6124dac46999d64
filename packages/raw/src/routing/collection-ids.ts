import {
  CollectionNotFoundError,
  type CouchbaseError,
  type Frame,
  Opcode,
  ProtocolError,
  ScopeNotFoundError,
  TimeoutError,
} from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import { CollectionRef } from '../operation/collection-ref.js';
import { Operation, type OperationHolder, type OperationSpec } from '../operation/operation.js';
import type { Errback } from '../results/async-result.js';
import { Result } from '../results/results.js';
import { extend, type HoldUp } from '../time/hold-up.js';
import { defaultTranscoder } from '../values/transcoder.js';

/** The operations that wait for the id of a collection, in order, and the lookup that asks for it. */
class PendingId implements OperationHolder {
  readonly ref: CollectionRef;
  readonly waiting = new Set<Operation>();
  lookup: Operation | undefined = undefined;

  constructor(ref: CollectionRef) {
    this.ref = ref;
  }

  release(operation: Operation): boolean {
    this.waiting.delete(operation);
    return false;
  }

  /** Takes out all that wait. */
  takeAll(): Operation[] {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const operation of waiting) {
      operation.holder = undefined;
      operation.state = 'idle';
    }
    return waiting;
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
  /** Collections whose id was requested and is not known yet. */
  readonly #pending = new Map<CollectionRef, PendingId>();
  /** Sends an operation, with its own deadline set. */
  readonly #accept: (operation: Operation) => void;
  readonly #order: (operation: Operation) => void;

  constructor(accept: (operation: Operation) => void, order: (operation: Operation) => void) {
    this.#accept = accept;
    this.#order = order;
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
    for (const { waiting } of this.#pending.values()) if (waiting.size > 0) return true;
    return false;
  }

  /** Keeps the operation until the id of its collection is known. */
  resolve(operation: Operation, ref: CollectionRef): void {
    const pending = this.#pending.get(ref) ?? new PendingId(ref);
    this.#pending.set(ref, pending);
    operation.state = 'queued';
    operation.holder = pending;
    pending.waiting.add(operation);
    if (pending.lookup === undefined) this.#lookUp(pending, operation.timeoutMs);
  }

  /** A server does not know the id: the collection was dropped, and perhaps created again under another id. */
  forget(ref: CollectionRef, id: number): void {
    if (ref.id === id) ref.id = undefined;
  }

  tick(now: number): void {
    for (const { ref, waiting } of this.#pending.values()) {
      for (const operation of waiting) {
        if (operation.deadline > now) continue;
        waiting.delete(operation);
        operation.holder = undefined;
        const message = `the id of collection ${ref.path} was not found out within ${operation.timeoutMs} ms`;
        operation.fail(new TimeoutError(message, operation.details()));
      }
    }
  }

  /** Moves the deadlines of all that wait. */
  extend(holdUp: HoldUp): void {
    for (const { waiting } of this.#pending.values()) for (const operation of waiting) extend(operation, holdUp);
  }

  /** Returns all waiting operations. */
  takeAll(): Operation[] {
    return [...this.#pending.values()].flatMap((pending) => pending.takeAll());
  }

  #lookUp(pending: PendingId, timeoutMs: number): void {
    const { ref } = pending;
    const lookup = new Operation(collectionIdSpec, '', defaultTranscoder);
    lookup.payload = ref.path;
    lookup.timeoutMs = timeoutMs;
    pending.lookup = lookup;
    const found = ({ id }: CollectionIdResult): void => {
      this.#pending.delete(ref);
      ref.id = id;
      for (const operation of pending.takeAll()) this.#order(operation);
    };
    const failed: Errback = (_result, _errorClass, error) => {
      this.#pending.delete(ref);
      for (const operation of pending.takeAll()) operation.fail(namedError(operation, ref, error));
    };
    lookup.setCallbacks(found, failed);
    this.#accept(lookup);
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
