import { ArgumentError } from '@cb/protocol';
import type { MultiResult } from '../multi/multi-result.js';
import type { CollectionRef } from '../operation/collection-ref.js';
import type { CompositeCall } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import type { Operation } from '../operation/operation.js';
import type { AsyncResult } from '../results/async-result.js';
import { INSPECT, inspected } from '../results/inspect.js';
import type { Result } from '../results/results.js';
import { describe } from '../values/argument-checks.js';
import type { BucketHost, CollectionHost, PipelineBuilder } from './collection-host.js';
import { RawCollection } from './raw-collection.js';

/** The scope and the collection that every bucket has from the beginning. */
export const DEFAULT_NAME = '_default';

/** A scope of a bucket: a name before the names of collections. Creating one sends nothing to the server. */
export class RawScope {
  /** The name of the scope. */
  readonly name: string;
  readonly #host: BucketHost;

  /** @internal */
  constructor(host: BucketHost, name: string) {
    this.#host = host;
    this.name = checkName(name, 'scope');
  }

  /** Returns the collection of that name; operations on it fail with `CollectionNotFoundError` when there is none. */
  collection(name: string): RawCollection {
    return new RawCollection(new NamedHost(this.#host, this.name, name));
  }

  /** Returns what a log shows: the names of bucket and scope. */
  toJSON(): object {
    return { bucket: this.#host.bucket, scope: this.name };
  }

  /** Shows in a console what a log shows. */
  [INSPECT](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    return inspected(this, options, inspect);
  }
}

/** Makes the calls of one collection by its name. */
class NamedHost implements CollectionHost {
  readonly #bucket: BucketHost;
  readonly #ref: CollectionRef | undefined;
  readonly #names: { readonly scope: string; readonly collection: string };

  constructor(bucket: BucketHost, scope: string, name: string) {
    this.#bucket = bucket;
    this.#names = { scope, collection: checkName(name, 'collection') };
    const isDefault = scope === DEFAULT_NAME && name === DEFAULT_NAME;
    this.#ref = isDefault ? undefined : bucket.refOf(scope, name);
  }

  get context(): OperationContext {
    const { context } = this.#bucket;
    return this.#ref === undefined ? context : { ...context, collection: this.#ref };
  }

  start<R extends Result>(operation: Operation<R>): AsyncResult<R> {
    return this.#bucket.start(operation);
  }

  startMulti<R extends Result>(multi: MultiResult<R>): MultiResult<R> {
    return this.#bucket.startMulti(multi);
  }

  compose<R>(call: CompositeCall<R>): AsyncResult<R> {
    return this.#bucket.compose(call);
  }

  runPipeline(build: PipelineBuilder<unknown>): AsyncResult<unknown[]> {
    return this.#bucket.runPipeline(build, this);
  }

  toJSON(): object {
    return { bucket: this.#bucket.bucket, ...this.#names };
  }
}

/** Scope and collection names: 1 to 251 letters, digits and `_-%`, as the server has it (kv_engine docs/Collections.md). */
function checkName(name: unknown, what: string): string {
  if (typeof name !== 'string' || !/^[A-Za-z0-9_%-]{1,251}$/.test(name)) {
    throw new ArgumentError(
      `the name of a ${what} is 1 to 251 letters, digits, underscores, hyphens or percent signs, not ${describe(name)}`,
    );
  }
  return name;
}
