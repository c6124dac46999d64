/** Highest version of the map that is served, and the answer to requests for higher ones. */
const VERSION_MAX = 2;
const REVISIONS = [0, 5, 2];
/** An attribute that version 1 of the map does not have. */
const SINCE_VERSION_2 = 'rate-limit';

/**
 * The server's description of its statuses: code, name, meaning, attributes. Source: the statuses and attributes of SDK
 * RFC 0069 and kv_engine docs/BinaryProtocol.md, as a 7.2 server serves them, with the later ones that are answered
 * here too.
 */
const ERRORS: readonly (readonly [status: number, name: string, desc: string, ...attrs: string[]])[] = [
  [0x00, 'SUCCESS', 'It worked', 'success'],
  [0x01, 'KEY_ENOENT', 'There is no such document', 'item-only'],
  [0x02, 'KEY_EEXISTS', 'The document exists already, or has another CAS', 'item-only'],
  [0x03, 'E2BIG', 'The value is larger than the bucket allows', 'item-only', 'invalid-input'],
  [0x04, 'EINVAL', 'The request is malformed', 'internal', 'invalid-input'],
  [0x05, 'NOT_STORED', 'There was no document to add to', 'internal', 'item-only'],
  [0x06, 'DELTA_BADVAL', 'The document does not hold a number', 'item-only', 'invalid-input'],
  [0x07, 'NOT_MY_VBUCKET', 'The vbucket is not active on this node', 'fetch-config', 'invalid-input'],
  [0x08, 'NO_BUCKET', 'No bucket is selected', 'conn-state-invalidated'],
  [0x09, 'LOCKED', 'Somebody else has locked the document', 'item-locked', 'item-only', 'retry-now'],
  [0x0a, 'STREAM_NOT_FOUND', 'There is no such stream', 'conn-state-invalidated'],
  [0x0b, 'OPAQUE_NO_MATCH', 'The opaque is not that of the stream', 'conn-state-invalidated'],
  [0x0c, 'EWOULD_THROTTLE', 'Slow down', 'temp', 'retry-later', 'rate-limit'],
  [0x0d, 'ECONFIG_ONLY', 'The node hands out configurations only', 'fetch-config', 'retry-now'],
  [0x0e, 'NOT_LOCKED', 'The document is not locked', 'item-only'],
  [0x0f, 'CAS_VALUE_INVALID', 'The stored CAS is invalid', 'item-only'],
  [0x1f, 'AUTH_STALE', 'Sign in again', 'conn-state-invalidated', 'auth'],
  [0x20, 'AUTH_ERROR', 'The user or the password is wrong', 'conn-state-invalidated', 'auth'],
  [0x21, 'AUTH_CONTINUE', 'One more step to sign in', 'special-handling'],
  [0x22, 'ERANGE', 'The number is out of range', 'invalid-input'],
  [0x23, 'ROLLBACK', 'Roll back before streaming on', 'dcp', 'special-handling'],
  [0x24, 'EACCESS', 'The user may not do this', 'support'],
  [0x25, 'NOT_INITIALIZED', 'The server is still starting', 'conn-state-invalidated'],
  [0x30, 'RATE_LIMITED_NETWORK_INGRESS', 'Over the rate limit for received bytes', 'temp', 'retry-later', 'rate-limit'],
  [0x31, 'RATE_LIMITED_NETWORK_EGRESS', 'Over the rate limit for sent bytes', 'temp', 'retry-later', 'rate-limit'],
  [0x32, 'RATE_LIMITED_MAX_CONNECTIONS', 'Over the limit of connections', 'conn-state-invalidated', 'rate-limit'],
  [0x33, 'RATE_LIMITED_MAX_COMMANDS', 'Over the rate limit for commands', 'temp', 'retry-later', 'rate-limit'],
  [0x34, 'SCOPE_SIZE_LIMIT_EXCEEDED', 'The scope holds as much data as it may', 'item-only', 'rate-limit'],
  [0x50, 'BUCKET_PAUSED', 'The bucket is paused', 'support'],
  [0x51, 'CANCELLED', 'The request was called off', 'item-only', 'retry-now'],
  [0x80, 'UNKNOWN_FRAME_INFO', 'A framing extra is unknown here', 'support'],
  [0x81, 'UNKNOWN_COMMAND', 'The command is unknown here', 'support'],
  [0x82, 'ENOMEM', 'Out of memory for now', 'temp', 'retry-later'],
  [0x83, 'NOT_SUPPORTED', 'This bucket does not support the command', 'support'],
  [0x84, 'EINTERNAL', 'The server failed; reconnect', 'internal', 'conn-state-invalidated'],
  [0x85, 'EBUSY', 'The server is busy', 'temp', 'retry-now'],
  [0x86, 'ETMPFAIL', 'It did not work just now', 'temp', 'retry-now'],
  [0x87, 'XATTR_EINVAL', 'An extended attribute is malformed', 'invalid-input'],
  [0x88, 'UNKNOWN_COLLECTION', 'There is no such collection', 'invalid-input'],
  [0x89, 'NO_COLLECTIONS_MANIFEST', 'There is no collections manifest', 'retry-later'],
  [0x8a, 'CANNOT_APPLY_COLLECTIONS_MANIFEST', 'The collections manifest cannot be put in force', 'invalid-input'],
  [0x8c, 'UNKNOWN_SCOPE', 'There is no such scope', 'invalid-input'],
  [0x8d, 'DCP stream-ID invalid', 'The id of the stream is used wrongly', 'invalid-input'],
  [0xa0, 'DurabilityInvalidLevel', 'There is no such durability level', 'invalid-input'],
  [0xa1, 'DurabilityImpossible', 'Too few replicas for this durability', 'item-only', 'invalid-input'],
  [0xa2, 'SyncWriteInProgress', 'A durable write of the document is under way', 'item-only', 'retry-later'],
  [0xa3, 'SyncWriteAmbiguous', 'The durable write did not end in time; it may still succeed', 'item-only'],
  [
    0xa4,
    'SyncWriteReCommitInProgress',
    'A durable write of the document is being committed again',
    'item-only',
    'retry-later',
  ],
  [0xa5, 'RANGE_SCAN_CANCELLED', 'The scan was called off', 'success'],
  [0xa6, 'RANGE_SCAN_MORE', 'The scan has more to give', 'success'],
  [0xa7, 'RANGE_SCAN_COMPLETE', 'The scan is at its end', 'success'],
  [0xa8, 'VBUUID_NOT_EQUAL', 'The vbucket has another history', 'invalid-input'],
  [0xc0, 'SUBDOC_PATH_ENOENT', 'The document has no such path', 'subdoc', 'item-only'],
  [0xc1, 'SUBDOC_PATH_MISMATCH', 'The path does not fit the structure of the document', 'subdoc', 'item-only'],
  [0xc2, 'SUBDOC_PATH_EINVAL', 'The path is malformed, or of no use to the operation', 'subdoc', 'invalid-input'],
  [0xc3, 'SUBDOC_PATH_E2BIG', 'The path is too long', 'subdoc', 'invalid-input'],
  [0xc4, 'SUBDOC_PATH_E2DEEP', 'The document is nested too deep', 'subdoc', 'invalid-input'],
  [0xc5, 'SUBDOC_VALUE_CANTINSERT', 'The value cannot be put there', 'subdoc', 'invalid-input'],
  [0xc6, 'SUBDOC_DOC_NOTJSON', 'The document is not JSON', 'subdoc', 'item-only'],
  [0xc7, 'SUBDOC_NUM_ERANGE', 'The number in the document is out of range', 'subdoc', 'item-only'],
  [0xc8, 'SUBDOC_DELTA_EINVAL', 'The delta is zero or no 64-bit integer', 'subdoc', 'item-only'],
  [0xc9, 'SUBDOC_PATH_EEXISTS', 'The path exists already', 'subdoc', 'item-only'],
  [0xca, 'SUBDOC_VALUE_ETOODEEP', 'The value would nest the document too deep', 'subdoc', 'invalid-input', 'item-only'],
  [0xcb, 'SUBDOC_INVALID_COMBO', 'These operations cannot go into one request', 'subdoc', 'invalid-input'],
  [0xcc, 'SUBDOC_MULTI_PATH_FAILURE', 'Some operations failed; each has its own status', 'subdoc', 'special-handling'],
  [0xcd, 'SUBDOC_SUCCESS_DELETED', 'It worked, on a deleted document', 'item-deleted', 'success', 'subdoc'],
  [0xce, 'SUBDOC_XATTR_INVALID_FLAG_COMBO', 'The flags contradict each other', 'subdoc', 'invalid-input'],
  [0xcf, 'SUBDOC_XATTR_INVALID_KEY_COMBO', 'More than one extended attribute is addressed', 'subdoc', 'invalid-input'],
  [0xd0, 'SUBDOC_XATTR_UNKNOWN_MACRO', 'There is no such macro', 'subdoc', 'invalid-input'],
  [0xd1, 'SUBDOC_XATTR_UNKNOWN_VATTR', 'There is no such virtual attribute', 'subdoc', 'invalid-input'],
  [0xd2, 'SUBDOC_XATTR_CANT_MODIFY_VATTR', 'Virtual attributes cannot be written', 'subdoc', 'invalid-input'],
  [
    0xd3,
    'SUBDOC_MULTI_PATH_FAILURE_DELETED',
    'Some operations on a deleted document failed',
    'item-deleted',
    'subdoc',
    'special-handling',
  ],
  [0xd4, 'SUBDOC_INVALID_XATTR_ORDER', 'Operations on extended attributes must come first', 'subdoc', 'invalid-input'],
  [0xd5, 'SUBDOC_XATTR_UNKNOWN_VATTR_MACRO', 'The virtual attribute has no such macro', 'subdoc', 'invalid-input'],
  [
    0xd6,
    'SUBDOC_CAN_ONLY_REVIVE_DELETED_DOCUMENTS',
    'The document is not deleted, so it cannot be revived',
    'subdoc',
    'item-only',
  ],
  [0xd7, 'SUBDOC_DELETED_DOCUMENT_CANT_HAVE_VALUE', 'A deleted document cannot have a value', 'subdoc', 'item-only'],
  [0xd8, 'SUBDOC_FIELD_NOT_BINARY_VALUE', 'The field does not hold a binary value', 'subdoc', 'item-only'],
];

const maps = new Map<number, Buffer>();

/** The error map in the given version, as JSON; undefined when there is no such version. */
export function errorMap(version: number): Buffer | undefined {
  if (version < 1) return undefined;
  const served = Math.min(version, VERSION_MAX);
  let map = maps.get(served);
  if (map === undefined) {
    map = Buffer.from(JSON.stringify({ errors: errorsOf(served), revision: REVISIONS[served], version: served }));
    maps.set(served, map);
  }
  return map;
}

function errorsOf(version: number): Record<string, { attrs: string[]; desc: string; name: string }> {
  return Object.fromEntries(
    ERRORS.map(([status, name, desc, ...all]) => {
      const attrs = version === 1 ? all.filter((attr) => attr !== SINCE_VERSION_2) : all;
      return [status.toString(16), { attrs, desc, name }];
    }),
  );
}
