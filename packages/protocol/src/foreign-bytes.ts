/** What other protocols begin with, in hexadecimal digits, and what that says of the port. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  // HTTP/
  [
    /^485454502f/,
    'the port speaks HTTP, as the management and view services do; give that of the key-value service with couchbase:// (11210 unless told otherwise) or couchbases:// (11207)',
  ],
  // A record of TLS: a content type, and the major version 3.
  [/^1[4-7]03/, 'the port speaks TLS; use couchbases://'],
  // SSH-
  [/^5353482d/, 'the port speaks SSH'],
];

/** Returns what the first bytes of a peer say of its port when they are not frames; undefined when they say nothing. */
export function foreignProtocol(bytes: Uint8Array): string | undefined {
  const digits = Buffer.from(bytes.subarray(0, 8)).toString('hex');
  return FOREIGN.find(([pattern]) => pattern.test(digits))?.[1];
}
