export {
  ArgumentError,
  AuthError,
  BucketNotFoundError,
  CancelledError,
  ConnectError,
  CouchbaseError,
  DocumentLockedError,
  KeyExistsError,
  NotFoundError,
  TimeoutError,
} from '@cb/protocol';
export {
  bigIntegerTranscoder,
  FMT_AUTO,
  FMT_BYTES,
  FMT_JSON,
  FMT_UTF8,
  Item,
  ItemOptionDict,
  ItemSequence,
  LookupInSpec,
  MultiResult,
  MutateInMacro,
  MutateInSpec,
  SubdocResult,
  subdocPath,
} from '@cb/raw';
export { Bucket, type BucketOptions, connect } from './bucket.js';
export { Collection } from './collection.js';
export { Scope } from './scope.js';
