import type { ErrorMap } from '../error-map.js';
import { Status, statusName } from '../status.js';
import { BucketNotFoundError } from './client-errors.js';
import type { CouchbaseError, ErrorDetails } from './couchbase-error.js';
import * as kv from './kv-errors.js';
import { UnknownStatusError } from './unknown-status-error.js';

/** A class of errors that stands for a status. */
export type StatusErrorClass = new (message: string, details?: ErrorDetails) => CouchbaseError;

/** The error class by status. A status that is missing here is a success, or undefined. */
const CLASSES = new Map<number, StatusErrorClass>([
  [Status.KeyNotFound, kv.NotFoundError],
  [Status.KeyExists, kv.KeyExistsError],
  [Status.TooBig, kv.TooBigError],
  [Status.Invalid, kv.InvalidError],
  [Status.NotStored, kv.NotStoredError],
  [Status.DeltaBadval, kv.DeltaBadvalError],
  [Status.NotMyVbucket, kv.NotMyVbucketError],
  [Status.NoBucket, BucketNotFoundError],
  [Status.Locked, kv.DocumentLockedError],
  [Status.WouldThrottle, kv.ThrottledError],
  [Status.ConfigOnly, kv.ConfigOnlyError],
  [Status.NotLocked, kv.NotLockedError],
  [Status.CasValueInvalid, kv.CasInvalidError],
  [Status.AuthStale, kv.AuthStaleError],
  [Status.AuthError, kv.AuthError],
  [Status.Range, kv.NumberRangeError],
  [Status.Rollback, kv.RollbackError],
  [Status.Access, kv.AccessError],
  [Status.NotInitialized, kv.NotInitializedError],
  [Status.EncryptionKeyNotAvailable, kv.EncryptionKeyError],
  [Status.ChecksumMismatch, kv.ChecksumError],
  [Status.ExpiryOverflow, kv.ExpiryOverflowError],
  [Status.LockExpiryOverflow, kv.ExpiryOverflowError],
  [Status.RateLimitedNetworkIngress, kv.RateLimitedError],
  [Status.RateLimitedNetworkEgress, kv.RateLimitedError],
  [Status.RateLimitedMaxConnections, kv.RateLimitedError],
  [Status.RateLimitedMaxCommands, kv.RateLimitedError],
  [Status.ScopeSizeLimitExceeded, kv.QuotaLimitedError],
  [Status.BucketSizeLimitExceeded, kv.QuotaLimitedError],
  [Status.BucketResidentRatioTooLow, kv.QuotaLimitedError],
  [Status.BucketDataSizeTooBig, kv.QuotaLimitedError],
  [Status.BucketDiskSpaceTooLow, kv.QuotaLimitedError],
  [Status.BucketPaused, kv.BucketPausedError],
  [Status.Cancelled, kv.ServerCancelledError],
  [Status.UnknownFrameInfo, kv.UnknownFrameInfoError],
  [Status.UnknownCommand, kv.UnknownCommandError],
  [Status.NoMemory, kv.NoMemoryError],
  [Status.NotSupported, kv.NotSupportedError],
  [Status.Internal, kv.InternalError],
  [Status.Busy, kv.BusyError],
  [Status.TemporaryFailure, kv.TemporaryFailError],
  [Status.XattrInvalid, kv.XattrInvalidError],
  [Status.UnknownCollection, kv.CollectionNotFoundError],
  [Status.CannotApplyCollectionsManifest, kv.ManifestError],
  [Status.UnknownScope, kv.ScopeNotFoundError],
  [Status.DurabilityInvalidLevel, kv.DurabilityInvalidLevelError],
  [Status.DurabilityImpossible, kv.DurabilityImpossibleError],
  [Status.SyncWriteInProgress, kv.SyncWriteInProgressError],
  [Status.SyncWriteAmbiguous, kv.SyncWriteAmbiguousError],
  [Status.SyncWriteRecommitInProgress, kv.SyncWriteRecommitInProgressError],
  [Status.RangeScanCancelled, kv.ServerCancelledError],
  [Status.VbUuidNotEqual, kv.MutationTokenOutdatedError],
  [Status.SubdocPathNotFound, kv.SubdocPathNotFoundError],
  [Status.SubdocPathMismatch, kv.SubdocPathMismatchError],
  [Status.SubdocPathInvalid, kv.SubdocPathInvalidError],
  [Status.SubdocPathTooBig, kv.SubdocPathTooBigError],
  [Status.SubdocDocTooDeep, kv.DocumentTooDeepError],
  [Status.SubdocValueCantInsert, kv.SubdocCantInsertValueError],
  [Status.SubdocDocNotJson, kv.DocumentNotJsonError],
  [Status.SubdocNumberRange, kv.SubdocNumberTooBigError],
  [Status.SubdocDeltaInvalid, kv.SubdocBadDeltaError],
  [Status.SubdocPathExists, kv.SubdocPathExistsError],
  [Status.SubdocValueTooDeep, kv.SubdocValueTooDeepError],
  [Status.SubdocInvalidCombo, kv.SubdocInvalidComboError],
  [Status.SubdocMultiPathFailure, kv.SubdocMultipleErrors],
  [Status.SubdocXattrInvalidFlagCombo, kv.SubdocXattrError],
  [Status.SubdocXattrInvalidKeyCombo, kv.SubdocXattrError],
  [Status.SubdocXattrUnknownMacro, kv.SubdocXattrError],
  [Status.SubdocXattrUnknownVattr, kv.SubdocXattrError],
  [Status.SubdocXattrCantModifyVattr, kv.SubdocXattrError],
  [Status.SubdocMultiPathFailureDeleted, kv.SubdocMultipleErrors],
  [Status.SubdocInvalidXattrOrder, kv.SubdocXattrError],
  [Status.SubdocXattrUnknownVattrMacro, kv.SubdocXattrError],
  [Status.SubdocCanOnlyReviveDeletedDocuments, kv.SubdocDeletedDocumentError],
  [Status.SubdocDeletedDocumentCantHaveValue, kv.SubdocDeletedDocumentError],
  [Status.SubdocFieldNotBinaryValue, kv.SubdocNotBinaryValueError],
]);

/**
 * The error for a status that is not a success.
 * @param errorMap the node's own explanation of its statuses, used only for a status that is unknown here.
 * @param ErrorClass what the status means for this operation, where that says more than the status alone.
 */
export function statusError(
  status: number,
  details: ErrorDetails,
  errorMap?: ErrorMap,
  ErrorClass: StatusErrorClass | undefined = CLASSES.get(status),
): CouchbaseError {
  const subject = details.key === undefined ? '' : ` of ${JSON.stringify(details.key)}`;
  const place = details.path === undefined ? '' : ` at ${JSON.stringify(details.path)}`;
  const failed = `${details.operation ?? 'operation'}${subject}${place} failed with`;
  if (ErrorClass !== undefined) {
    const said = details.context === undefined ? '' : `: ${details.context}`;
    return new ErrorClass(`${failed} ${statusName(status)}${said}`, { ...details, status });
  }
  const entry = errorMap?.entryOf(status);
  const name = entry === undefined || entry.name === '' ? statusName(status) : `${entry.name} (${statusName(status)})`;
  const said = details.context ?? entry?.description ?? '';
  const message = `${failed} ${name}${said === '' ? '' : `: ${said}`}`;
  return new UnknownStatusError(message, { ...details, status }, entry?.attributes);
}
