import type {
  Contents,
  LookupInOptions,
  LookupInReplicaOptions,
  LookupInSpec,
  MutateInOptions,
  MutateInSpec,
  SubdocResult,
} from '@cb/raw';
import { PromiseCalls } from './promise-calls.js';

/**
 * The operations inside documents: parts of the body, which must be JSON, and extended attributes (xattrs). Up to 16 of
 * them go in one call, which sees and leaves the document in one state. Source: kv_engine docs/SubDocument.md.
 */
export abstract class CollectionSubdocuments extends PromiseCalls {
  /**
   * Looks into a document: 1 to 16 lookups.
   *
   *   const found = await bucket.lookupIn('u:1', [LookupInSpec.get<string>('name'), LookupInSpec.exists('mail')]);
   *   found.content(0);
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
  ): Promise<SubdocResult<Contents<S>>> {
    return this.promise(() => this.operations.lookupIn(key, specs, options), options);
  }

  /** `lookupIn` of the values at 1 to 16 paths. */
  retrieveIn(key: string, ...paths: readonly string[]): Promise<SubdocResult> {
    return this.promise(() => this.operations.retrieveIn(key, ...paths));
  }

  /**
   * Changes a document: 1 to 16 mutations, in their order; all of them or none.
   *
   *   await bucket.mutateIn('u:1', [MutateInSpec.upsert('name', 'Zoë'), MutateInSpec.counter('logins', 1)]);
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
  ): Promise<SubdocResult<Contents<S>>> {
    return this.promise(() => this.operations.mutateIn(key, specs, options), options);
  }

  /**
   * `lookupIn` in the copy that answers first, active or replica (`isReplica` tells), which may lag behind. Needs
   * Server 7.6 or newer, else `FeatureNotAvailableError`. `NotFoundError` when no copy has the document, unless `quiet`.
   */
  lookupInAnyReplica<const S extends readonly LookupInSpec[]>(
    key: string,
    specs: S,
    options?: LookupInReplicaOptions,
  ): Promise<SubdocResult<Contents<S>>> {
    return this.promise(() => this.operations.lookupInAnyReplica(key, specs, options), options);
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
  ): Promise<SubdocResult<Contents<S>>[]> {
    return this.promise(() => this.operations.lookupInAllReplicas(key, specs, options), options);
  }
}
