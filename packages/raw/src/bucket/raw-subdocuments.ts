import type { CompositeCall } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import type { Operation } from '../operation/operation.js';
import { type LookupInOptions, lookupIn } from '../operations/lookup-in.js';
import {
  type LookupInReplicaOptions,
  lookupInAllReplicas,
  lookupInAnyReplica,
} from '../operations/lookup-in-replicas.js';
import { type MutateInOptions, mutateIn } from '../operations/mutate-in.js';
import type { AsyncResult } from '../results/async-result.js';
import type { Result } from '../results/results.js';
import { LookupInSpec } from '../subdoc/lookup-in-spec.js';
import type { MutateInSpec } from '../subdoc/mutate-in-spec.js';
import type { Contents, SubdocResult } from '../subdoc/result.js';

/**
 * The operations inside documents: parts of the body, which must be JSON, and extended attributes (xattrs). Up to 16 of
 * them go in one call, which sees and leaves the document in one state. Source: kv_engine docs/SubDocument.md.
 */
export abstract class RawSubdocuments {
  /** Takes an operation on its way. */
  protected abstract start<R extends Result>(operation: Operation<R>): AsyncResult<R>;

  /** Begins a call that takes several operations, one after the other or side by side. */
  protected abstract compose<R>(call: CompositeCall<R>): AsyncResult<R>;

  /** What operations inherit. */
  protected abstract get context(): OperationContext;

  /**
   * Looks into a document: 1 to 16 lookups.
   *
   *   bucket.lookupIn('u:1', [LookupInSpec.get('name'), LookupInSpec.get('$document.exptime', { xattr: true })])
   *
   * A path that is not found is no error: the result's `rc` is 0x49, and the value is missing when it is asked for. Any
   * other failure is the operation's (`SubdocPathMismatchError`, `SubdocPathInvalidError`, `DocumentNotJsonError`, …,
   * with `path`, `index`, and all answers in `result`). A missing document is `NotFoundError`; with `quiet`, a result
   * with `rc` 0x0d.
   */
  lookupIn<const S extends readonly LookupInSpec[]>(
    key: string,
    specs: S,
    options?: LookupInOptions,
  ): AsyncResult<SubdocResult<Contents<S>>> {
    return this.start(lookupIn(this.context, key, specs, options));
  }

  /** `lookupIn` of the values at 1 to 16 paths. */
  retrieveIn(key: string, ...paths: readonly string[]): AsyncResult<SubdocResult> {
    const specs = paths.map((path) => LookupInSpec.get(path));
    return this.start(lookupIn(this.context, key, specs));
  }

  /**
   * Changes a document: 1 to 16 mutations, in their order; all of them or none.
   *
   *   bucket.mutateIn('u:1', [MutateInSpec.upsert('name', 'Zoë'), MutateInSpec.counter('logins', 1)])
   *
   * The first that fails is the operation's failure (`SubdocPathNotFoundError`, `SubdocPathExistsError`, …, with `path`
   * and `index`). A missing document is `NotFoundError`, unless `upsertDoc` or `insertDoc` creates it; another CAS is
   * `CasMismatchError`. Extended attributes go before the body, whatever the order. `FeatureNotAvailableError` for what
   * the server is too old for.
   */
  mutateIn<const S extends readonly MutateInSpec[]>(
    key: string,
    specs: S,
    options?: MutateInOptions,
  ): AsyncResult<SubdocResult<Contents<S>>> {
    return this.start(mutateIn(this.context, key, specs, options));
  }

  /**
   * `lookupIn` in the copy that answers first, active or replica (`isReplica` tells), which may lag behind. Needs
   * Server 7.6 or newer, else `FeatureNotAvailableError`. `NotFoundError` when no copy has the document, unless `quiet`.
   */
  lookupInAnyReplica<const S extends readonly LookupInSpec[]>(
    key: string,
    specs: S,
    options?: LookupInReplicaOptions,
  ): AsyncResult<SubdocResult<Contents<S>>> {
    return this.compose(lookupInAnyReplica(this.context, key, specs, options));
  }

  /**
   * `lookupIn` in every copy that there is: the active one first, then the replicas; copies that do not answer in time
   * are left out. Needs Server 7.6 or newer, else `FeatureNotAvailableError`. `NotFoundError` when nobody has the
   * document (with `quiet` an empty list).
   */
  lookupInAllReplicas<const S extends readonly LookupInSpec[]>(
    key: string,
    specs: S,
    options?: LookupInReplicaOptions,
  ): AsyncResult<SubdocResult<Contents<S>>[]> {
    return this.compose(lookupInAllReplicas(this.context, key, specs, options));
  }
}
