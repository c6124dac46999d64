import {
  CouchbaseDataError,
  CouchbaseError,
  CouchbaseFatalError,
  CouchbaseInputError,
  CouchbaseInternalError,
  CouchbaseTransientError,
  type ErrorClass,
} from './couchbase-error.js';

/** Status 0x01: there is no document under this key. */
export class NotFoundError extends CouchbaseError {
  static override readonly code: string = 'not_found';
  static override readonly rc: number = 0x0d;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/**
 * Status 0x02: the document is not in the required state. For an insert it is a `DocumentExistsError`, with a CAS a
 * `CasMismatchError`.
 */
export class KeyExistsError extends CouchbaseError {
  static override readonly code: string = 'key_exists';
  static override readonly rc: number = 0x0c;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0x02 of an `insert`, or of a `mutateIn` with `insertDoc`: the document exists already. */
export class DocumentExistsError extends KeyExistsError {
  static override readonly code: string = 'document_exists';
  static override readonly rc: number = 0x0c;
}

/**
 * Status 0x02 where a CAS was given, and 0x09 of an `unlock`: the document has another CAS. That of an `unlock` is a
 * `TemporaryFailError` too, as it was before this class, but no wait makes another CAS of it.
 */
export class CasMismatchError extends KeyExistsError {
  static override readonly code: string = 'cas_mismatch';
  static override readonly rc: number = 0x0c;

  override get categories(): readonly ErrorClass[] {
    return this.operation === 'unlock' ? [...CasMismatchError.categories, TemporaryFailError] : super.categories;
  }
}

/**
 * Status 0x03: the document would be over the limit of the bucket, 20 MiB. A value over 20 MiB (before it is compressed) and
 * a request over 30 MiB are refused before anything is sent, as a server closes the connection over the latter.
 */
export class TooBigError extends CouchbaseError {
  static override readonly code: string = 'too_big';
  static override readonly rc: number = 0x04;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError, CouchbaseDataError];
}

/** Status 0x04: the server refused the request as malformed; `context` has its reason. */
export class InvalidError extends CouchbaseError {
  static override readonly code: string = 'invalid';
  static override readonly rc: number = 0x4b;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInternalError];
}

/** Status 0x05: nothing was stored, because there is no document to append or prepend to. */
export class NotStoredError extends CouchbaseError {
  static override readonly code: string = 'not_stored';
  static override readonly rc: number = 0x12;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0x06: the document is not a number that can be counted. */
export class DeltaBadvalError extends CouchbaseError {
  static override readonly code: string = 'delta_badval';
  static override readonly rc: number = 0x03;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError, CouchbaseDataError];
}

/** Status 0x07: the node does not own the vbucket. Retried by the SDK; seen only when that did not succeed in time. */
export class NotMyVbucketError extends CouchbaseError {
  static override readonly code: string = 'not_my_vbucket';
  static override readonly rc: number = 0x11;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Status 0x0d: the node serves configurations only. */
export class ConfigOnlyError extends CouchbaseError {
  static override readonly code: string = 'config_only';
  static override readonly rc: number = 0x0b;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Status 0x0f: the stored document has an invalid CAS. */
export class CasInvalidError extends CouchbaseError {
  static override readonly code: string = 'cas_invalid';
  static override readonly rc: number = 0x0c;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0x0c: the server asks for a slower pace. */
export class ThrottledError extends CouchbaseError {
  static override readonly code: string = 'throttled';
  static override readonly rc: number = 0x0b;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Status 0x20: wrong user name or password. */
export class AuthError extends CouchbaseError {
  static override readonly code: string = 'auth';
  static override readonly rc: number = 0x02;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseFatalError, CouchbaseInputError];
}

/** Status 0x1f: the credentials of the connection are no longer valid. */
export class AuthStaleError extends AuthError {
  static override readonly code: string = 'auth_stale';
  static override readonly rc: number = 0x02;
}

/** Status 0x22: a number is out of the range that the server accepts. */
export class NumberRangeError extends CouchbaseError {
  static override readonly code: string = 'range';
  static override readonly rc: number = 0x09;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError, CouchbaseDataError];
}

/** Status 0x23: the server does not have the requested history. */
export class RollbackError extends CouchbaseError {
  static override readonly code: string = 'rollback';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0x24: the user lacks the privilege; `context` names it. */
export class AccessError extends CouchbaseError {
  static override readonly code: string = 'access';
  static override readonly rc: number = 0x54;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError, CouchbaseFatalError];
}

/** Status 0x25: the node is not ready yet. */
export class NotInitializedError extends CouchbaseError {
  static override readonly code: string = 'not_initialized';
  static override readonly rc: number = 0x0b;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Status 0x26: the server does not have the encryption key of the data. */
export class EncryptionKeyError extends CouchbaseError {
  static override readonly code: string = 'encryption_key';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseFatalError];
}

/** Status 0x27: a checksum does not match. */
export class ChecksumError extends CouchbaseError {
  static override readonly code: string = 'checksum';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0x28 and 0x29: the expiry or lock time is too long. */
export class ExpiryOverflowError extends CouchbaseError {
  static override readonly code: string = 'expiry_overflow';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0x30 to 0x33: the tenant is over its rate limit. */
export class RateLimitedError extends CouchbaseError {
  static override readonly code: string = 'rate_limited';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Status 0x34 to 0x38: the scope or bucket exceeds its quota, or the disk is full. */
export class QuotaLimitedError extends CouchbaseError {
  static override readonly code: string = 'quota_limited';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseFatalError];
}

/** Status 0x50: the bucket is paused. */
export class BucketPausedError extends CouchbaseError {
  static override readonly code: string = 'bucket_paused';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Status 0x51 and 0xa5: the server cancelled the request. */
export class ServerCancelledError extends CouchbaseError {
  static override readonly code: string = 'server_cancelled';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Status 0x80: the server does not know a framing extra of the request. */
export class UnknownFrameInfoError extends CouchbaseError {
  static override readonly code: string = 'unknown_frame_info';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInternalError];
}

/** Status 0x81: the server does not know the operation. */
export class UnknownCommandError extends CouchbaseError {
  static override readonly code: string = 'unknown_command';
  static override readonly rc: number = 0x14;
  static override readonly categories: readonly ErrorClass[] = [];
}

/** Status 0x82: the server is out of memory. */
export class NoMemoryError extends CouchbaseError {
  static override readonly code: string = 'no_memory';
  static override readonly rc: number = 0x08;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Status 0x83: the server does not support the operation on this bucket. */
export class NotSupportedError extends CouchbaseError {
  static override readonly code: string = 'not_supported';
  static override readonly rc: number = 0x13;
  static override readonly categories: readonly ErrorClass[] = [];
}

/** Status 0x84: an internal error of the server. */
export class InternalError extends CouchbaseError {
  static override readonly code: string = 'server_internal';
  static override readonly rc: number = 0x3d;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInternalError];
}

/** Status 0x85: the server is busy. */
export class BusyError extends CouchbaseError {
  static override readonly code: string = 'busy';
  static override readonly rc: number = 0x05;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Status 0x86: a temporary failure of the server. */
export class TemporaryFailError extends CouchbaseError {
  static override readonly code: string = 'temporary_fail';
  static override readonly rc: number = 0x0b;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Status 0x09: the document is locked by another client. */
export class DocumentLockedError extends TemporaryFailError {
  static override readonly code: string = 'locked';
  static override readonly rc: number = 0x0b;
}

/** Status 0x0e: the document is not locked. */
export class NotLockedError extends TemporaryFailError {
  static override readonly code: string = 'not_locked';
  static override readonly rc: number = 0x0b;
}

/** Status 0x87: the extended attributes are malformed. */
export class XattrInvalidError extends CouchbaseError {
  static override readonly code: string = 'xattr_invalid';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0x88: there is no such collection. */
export class CollectionNotFoundError extends CouchbaseError {
  static override readonly code: string = 'collection_not_found';
  static override readonly rc: number = 0x07;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0x8a: the collections manifest cannot be applied. */
export class ManifestError extends CouchbaseError {
  static override readonly code: string = 'manifest';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0x8c: there is no such scope. */
export class ScopeNotFoundError extends CouchbaseError {
  static override readonly code: string = 'scope_not_found';
  static override readonly rc: number = 0x07;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0xa0: the bucket does not allow this durability level. */
export class DurabilityInvalidLevelError extends CouchbaseError {
  static override readonly code: string = 'durability_invalid_level';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0xa1: there are not enough replicas for this durability. */
export class DurabilityImpossibleError extends CouchbaseError {
  static override readonly code: string = 'durability_impossible';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0xa2: another durable write on the key is in progress. */
export class SyncWriteInProgressError extends CouchbaseError {
  static override readonly code: string = 'sync_write_in_progress';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Status 0xa3: the durable write did not end in time; it may still take effect. */
export class SyncWriteAmbiguousError extends CouchbaseError {
  static override readonly code: string = 'sync_write_ambiguous';
  static override readonly rc: number = 0x00;
  static override readonly ambiguous: boolean = true;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0xa4: a durable write on the key is being committed again after a failover. */
export class SyncWriteRecommitInProgressError extends CouchbaseError {
  static override readonly code: string = 'sync_write_recommit_in_progress';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Status 0xa8: the history of the vbucket is not that of the mutation token. */
export class MutationTokenOutdatedError extends CouchbaseError {
  static override readonly code: string = 'mutation_token_outdated';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0xc0: the path is not in the document. */
export class SubdocPathNotFoundError extends CouchbaseError {
  static override readonly code: string = 'subdoc_path_not_found';
  static override readonly rc: number = 0x3f;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0xc1: the path leads through a value of another type. */
export class SubdocPathMismatchError extends CouchbaseError {
  static override readonly code: string = 'subdoc_path_mismatch';
  static override readonly rc: number = 0x40;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0xc2: the path is not well-formed. */
export class SubdocPathInvalidError extends CouchbaseError {
  static override readonly code: string = 'subdoc_path_invalid';
  static override readonly rc: number = 0x41;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0xc3: the path has more than 32 components or 1,024 bytes. */
export class SubdocPathTooBigError extends CouchbaseError {
  static override readonly code: string = 'subdoc_path_too_big';
  static override readonly rc: number = 0x42;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0xc4: the document is nested deeper than 32 levels. */
export class DocumentTooDeepError extends CouchbaseError {
  static override readonly code: string = 'document_too_deep';
  static override readonly rc: number = 0x43;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0xc5: the value cannot be stored at this path. */
export class SubdocCantInsertValueError extends CouchbaseError {
  static override readonly code: string = 'subdoc_cant_insert_value';
  static override readonly rc: number = 0x44;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0xc6: the document is not JSON. */
export class DocumentNotJsonError extends CouchbaseError {
  static override readonly code: string = 'document_not_json';
  static override readonly rc: number = 0x45;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0xc7: the stored number is out of the range of a 64-bit integer. */
export class SubdocNumberTooBigError extends CouchbaseError {
  static override readonly code: string = 'subdoc_number_too_big';
  static override readonly rc: number = 0x46;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0xc8: the delta is zero or not a 64-bit integer. */
export class SubdocBadDeltaError extends CouchbaseError {
  static override readonly code: string = 'subdoc_bad_delta';
  static override readonly rc: number = 0x47;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0xc9: the path is in the document already. */
export class SubdocPathExistsError extends CouchbaseError {
  static override readonly code: string = 'subdoc_path_exists';
  static override readonly rc: number = 0x48;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0xca: the value would nest the document deeper than 32 levels. */
export class SubdocValueTooDeepError extends CouchbaseError {
  static override readonly code: string = 'subdoc_value_too_deep';
  static override readonly rc: number = 0x4a;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0xcb: these sub-document operations cannot be combined. */
export class SubdocInvalidComboError extends CouchbaseError {
  static override readonly code: string = 'subdoc_invalid_combo';
  static override readonly rc: number = 0x55;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0xcc and 0xd3: some paths failed; each has its own error. */
export class SubdocMultipleErrors extends CouchbaseError {
  static override readonly code: string = 'subdoc_multiple_errors';
  static override readonly rc: number = 0x49;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** Status 0xce to 0xd5: the request uses extended attributes in an invalid way; `status` has the details. */
export class SubdocXattrError extends CouchbaseError {
  static override readonly code: string = 'subdoc_xattr';
  static override readonly rc: number = 0x57;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0xd6 and 0xd7: not possible with a deleted document, or only with one. */
export class SubdocDeletedDocumentError extends CouchbaseError {
  static override readonly code: string = 'subdoc_deleted_document';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Status 0xd8: the extended attribute is not a binary value. */
export class SubdocNotBinaryValueError extends CouchbaseError {
  static override readonly code: string = 'subdoc_not_binary_value';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}
