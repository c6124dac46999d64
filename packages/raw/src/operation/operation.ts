import { CancelledError, type CouchbaseError, type ErrorDetails, type Frame, type FrameWriter } from '@cb/protocol';
import { soon } from '../iops/turns.js';
import { AsyncResult, fireCallback, fireErrback } from '../results/async-result.js';
import { inheritFrom } from '../results/inherit-from.js';
import { failedResult, type Result } from '../results/results.js';
import { addAbortAction, removeAbortAction } from '../results/signals.js';
import type { Transcoder } from '../values/transcoder.js';
import type { CollectionRef } from './collection-ref.js';
import type { Endurance } from './endurance.js';
import { NO_OPTIONAL_FIELDS, OptionalFields } from './optional-fields.js';
import type { RetryReason, RetryStrategy } from './retry-strategy.js';

/**
 * One kind of operation, as data and two pure functions: `extras` writes the request's extras, `result` reads a
 * successful answer. Key, collection, value, CAS and datatype are written by the connection.
 */
export interface OperationSpec<R extends Result = Result> {
  /** The method's name, for messages. */
  readonly name: string;
  readonly opcode: number;
  /** Whether executing it twice has the same effect as executing it once, whatever other clients do in between. */
  readonly idempotent: boolean;
  /**
   * Where it goes: to the node that has the vbucket of its key, or that of the vbucket set in it, or to `node` (each
   * node in turn when that is not set).
   */
  readonly route: 'key' | 'vbucket' | 'node';
  /** The key stands in the value, instead of as the request's key, which it is with the route `key`. */
  readonly keyInValue?: boolean;
  /** A missing document is an unsuccessful result, not an error, when the caller asked for quiet. */
  readonly quiet: boolean;
  /** Whether two of this kind on one key are the same request, which changes nothing: its answer is that to both. */
  isSameRequest?(one: Operation, other: Operation): boolean;
  /** A document that exists is what it fails for, rather than one that has changed. */
  isInsert?(operation: Operation): boolean;
  /** Other statuses than success that `result` understands. */
  accepts?(status: number): boolean;
  /** For operations with several answers: takes in this one; true when more will come. The last one goes to `result`. */
  more?(operation: Operation, frame: Frame): boolean;
  extras?(operation: Operation, writer: FrameWriter, features: ReadonlySet<number>): void;
  /** Writes the request's key, where it is not the key of a document. */
  key?(operation: Operation, writer: FrameWriter): void;
  /** The payload may travel compressed. */
  readonly compresses?: boolean;
  /** Writes the value, where it is not the operation's payload. */
  value?(operation: Operation, writer: FrameWriter, collections: boolean): void;
  /** Throws a `ProtocolError` for bytes that no server should send, and a `ValueFormatError` for undecodable values. */
  result(operation: Operation, frame: Frame): R;
  /** What a missing document is with `quiet`, where a result of the common kind would not do. */
  missing?(operation: Operation, error: CouchbaseError): R;
}

/** Where an operation is: nowhere yet or between attempts, queued for a node, on the wire, or settled. */
export type OperationState = 'idle' | 'queued' | 'sent' | 'settled';

/** The holder of a waiting operation, which is notified when that is cancelled. */
export interface OperationHolder {
  /** Forgets the operation; true when its request was already written to a socket. */
  release(operation: Operation): boolean;
}

/** Receives the outcome of an operation that is one of several. */
export interface OperationParent {
  childSettled(child: Operation): void;
}

// biome-ignore-start lint/suspicious/noUnsafeDeclarationMerging: `inheritFrom` makes it what the interface says.
export interface Operation<R extends Result = Result> extends AsyncResult<R> {}

/**
 * One operation from call to callback. It *is* the `AsyncResult` that the caller holds; a retry, a deadline, a cancel
 * and a dead connection all act on this same object. Hot file: every field is set here, so that all operations have
 * one shape, and by the constructor itself, with nothing that is private to V8, so that they are made in place.
 */
export class Operation<R extends Result = Result> {
  declare readonly spec: OperationSpec<R>;
  declare readonly key: string;
  declare readonly transcoder: Transcoder;
  declare opcode: number;
  declare state: OperationState;
  /** The holder, while it is queued or sent. */
  declare holder: OperationHolder | undefined;
  declare parent: OperationParent | undefined;

  /** The collection, unless it is the default one. */
  declare collection: CollectionRef | undefined;
  /** Its id as far as known when the request is written; 0 is the default collection. */
  declare collectionId: number;
  declare vbucket: number;
  /** For mutation tokens. */
  declare bucketName: string;
  declare payload: string | Uint8Array | undefined;
  /** How long the values are that it keeps, in bytes; of text, in characters. */
  declare valueBytes: number;
  declare flags: number;
  declare datatype: number;
  /** Seconds (or an absolute Unix time) as on the wire. */
  declare expiry: number;
  declare casHigh: number;
  declare casLow: number;
  declare quiet: boolean;
  /** The value is wanted as bytes, whatever its format. */
  declare noFormat: boolean;

  /** On the IOPS clock, in microseconds. */
  declare deadline: number;
  declare timeoutMs: number;
  declare opaque: number;
  /** The CRC-32 of its key, and never 0; 0 for what is in no order with others on its key. */
  declare hash: number;
  /** Its neighbors in its place of `KeysOnWire`. */
  declare behind: Operation | undefined;
  declare ahead: Operation | undefined;
  /** Its place in the order of the calls. */
  declare sequence: number;
  /** How often it was written to a socket. */
  declare attempts: number;

  declare result: Result | undefined;
  /** What few operations need: theirs alone when one of them was set. */
  declare private rare: OptionalFields;

  constructor(spec: OperationSpec<R>, key: string, transcoder: Transcoder) {
    // First the fields that are used when the answer arrives: by then it is not in the nearest cache any more.
    this.opaque = 0;
    this.hash = 0;
    this.behind = undefined;
    this.ahead = undefined;
    this.valueBytes = 0;
    this.holder = undefined;
    this.opcode = spec.opcode;
    this.spec = spec;
    this.key = key;
    this.noFormat = false;
    this.transcoder = transcoder;
    this.state = 'idle';
    this.rare = NO_OPTIONAL_FIELDS;
    this.result = undefined;
    this.parent = undefined;
    this.callback = undefined;
    this.errback = undefined;
    this.quiet = false;
    this.collection = undefined;
    this.collectionId = 0;
    this.vbucket = 0;
    this.bucketName = '';
    this.payload = undefined;
    this.flags = 0;
    this.datatype = 0;
    this.expiry = 0;
    this.casHigh = 0;
    this.casLow = 0;
    this.deadline = 0;
    this.timeoutMs = 0;
    this.sequence = 0;
    this.attempts = 0;
  }

  get replica(): number {
    return this.rare.replica;
  }

  set replica(value: number) {
    this.ownRare().replica = value;
  }

  get node(): string | undefined {
    return this.rare.node;
  }

  set node(value: string | undefined) {
    this.ownRare().node = value;
  }

  get durabilityLevel(): number {
    return this.rare.durabilityLevel;
  }

  set durabilityLevel(value: number) {
    this.ownRare().durabilityLevel = value;
  }

  get endurance(): Endurance | undefined {
    return this.rare.endurance;
  }

  set endurance(value: Endurance | undefined) {
    this.ownRare().endurance = value;
  }

  get preserveExpiry(): boolean {
    return this.rare.preserveExpiry;
  }

  set preserveExpiry(value: boolean) {
    this.ownRare().preserveExpiry = value;
  }

  get requires(): readonly number[] | undefined {
    return this.rare.requires;
  }

  set requires(value: readonly number[] | undefined) {
    this.ownRare().requires = value;
  }

  get argument(): unknown {
    return this.rare.argument;
  }

  set argument(value: unknown) {
    this.ownRare().argument = value;
  }

  get retry(): RetryStrategy | undefined {
    return this.rare.retry;
  }

  set retry(value: RetryStrategy | undefined) {
    this.ownRare().retry = value;
  }

  get refusal(): CouchbaseError | undefined {
    return this.rare.refusal;
  }

  set refusal(value: CouchbaseError | undefined) {
    this.ownRare().refusal = value;
  }

  get forward(): boolean {
    return this.rare.forward;
  }

  set forward(value: boolean) {
    this.ownRare().forward = value;
  }

  get retryReasons(): RetryReason[] | undefined {
    return this.rare.retryReasons;
  }

  set retryReasons(value: RetryReason[] | undefined) {
    this.ownRare().retryReasons = value;
  }

  get fateUnknown(): boolean {
    return this.rare.fateUnknown;
  }

  set fateUnknown(value: boolean) {
    this.ownRare().fateUnknown = value;
  }

  get signal(): AbortSignal | undefined {
    return this.rare.signal;
  }

  set signal(value: AbortSignal | undefined) {
    this.ownRare().signal = value;
  }

  get onAbort(): (() => void) | undefined {
    return this.rare.onAbort;
  }

  set onAbort(value: (() => void) | undefined) {
    this.ownRare().onAbort = value;
  }

  get heldUp(): number {
    return this.rare.heldUp;
  }

  set heldUp(value: number) {
    this.ownRare().heldUp = value;
  }

  get error(): CouchbaseError | undefined {
    return this.rare.error;
  }

  set error(value: CouchbaseError | undefined) {
    this.ownRare().error = value;
  }

  /** True until it was sent or queued for the first time: then it may still be refused. */
  get isNew(): boolean {
    return this.attempts === 0 && this.state === 'idle';
  }

  get remaining(): number {
    return this.state === 'settled' ? 0 : 1;
  }

  get allOk(): boolean {
    return this.result === undefined || this.result.success;
  }

  get(key: string): Result | undefined {
    return key === this.key ? this.result : undefined;
  }

  *[Symbol.iterator](): Iterator<[string, Result]> {
    if (this.result !== undefined) yield [this.key, this.result];
  }

  cancel(reason?: unknown): boolean {
    if (this.state === 'settled') return false;
    const written = this.leave();
    const ambiguous = written && !this.spec.idempotent;
    const error = new CancelledError(`${this.spec.name} was cancelled`, {
      ...this.details(),
      ambiguous,
      cause: reason,
    });
    this.failLater(error);
    return true;
  }

  /** Cancels the operation when its signal is aborted; at once, and true, when it is aborted already. */
  cancelOn(signal: AbortSignal): boolean {
    if (signal.aborted) return this.cancel(signal.reason);
    const onAbort = (): void => void this.cancel(signal.reason);
    this.onAbort = onAbort;
    addAbortAction(signal, onAbort);
    return false;
  }

  /** Takes the operation out of where it waits; true when the server may have seen it. */
  leave(): boolean {
    const { holder } = this;
    this.holder = undefined;
    const written = holder?.release(this) ?? false;
    this.state = 'idle';
    return written || this.fateUnknown;
  }

  succeed(result: R): void {
    if (this.state === 'settled') return;
    this.settle();
    this.result = result;
    if (this.parent === undefined) fireCallback(this, result);
    else this.parent.childSettled(this);
  }

  /**
   * Settles, unless that has happened: settling several operations in a row calls handlers of the application in
   * between, which may cancel the next one or destroy the bucket.
   */
  fail(error: CouchbaseError): void {
    if (this.state === 'settled') return;
    this.settle();
    this.failed(error);
  }

  /** Settles now and calls back on the next tick, for failures that arise inside a call of the application. */
  failLater(error: CouchbaseError): void {
    if (this.state === 'settled') return;
    this.settle();
    soon(() => this.failed(error));
  }

  /** Returns the details of this operation for errors. */
  details(): ErrorDetails {
    return {
      operation: this.spec.name,
      ...(this.spec.route === 'key' ? { key: this.key } : {}),
      attempts: this.attempts,
      ...(this.retryReasons === undefined ? {} : { retryReasons: this.retryReasons }),
    };
  }

  /** Notes why the operation must be sent again; each reason once. */
  noteRetry(reason: RetryReason): void {
    this.retryReasons ??= [];
    if (!this.retryReasons.includes(reason)) this.retryReasons.push(reason);
  }

  private ownRare(): OptionalFields {
    if (this.rare === NO_OPTIONAL_FIELDS) this.rare = new OptionalFields();
    return this.rare;
  }

  private settle(): void {
    this.state = 'settled';
    if (this.onAbort !== undefined) removeAbortAction(this.signal!, this.onAbort);
  }

  private failed(error: CouchbaseError): void {
    this.error = error;
    // What was answered, but could not be read to its end, has left one.
    this.result ??= failedResult(this.key, error);
    error.result ??= this.result;
    if (this.parent === undefined) fireErrback(this, error);
    else this.parent.childSettled(this);
  }
}
inheritFrom(Operation, AsyncResult);
// biome-ignore-end lint/suspicious/noUnsafeDeclarationMerging: as above.
