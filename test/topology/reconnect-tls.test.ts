import type { Way } from './line.js';
import { describeLosses } from './losses.js';

/** The bytes on the wire are those of the TLS handshake too, and every one in the middle of an encrypted record. */
const ways: readonly Way[] = [
  { scheme: 'couchbases', mechanism: 'SCRAM-SHA256', bytes: 'on the wire' },
  { scheme: 'couchbases', mechanism: 'PLAIN', bytes: 'on the wire' },
];

describe.each(ways)('over $scheme with $mechanism, bytes $bytes', describeLosses);
