import type { Way } from './line.js';
import { describeLosses } from './losses.js';

const ways: readonly Way[] = [
  { scheme: 'couchbase', mechanism: 'SCRAM-SHA512', bytes: 'on the wire' },
  { scheme: 'couchbases', mechanism: 'SCRAM-SHA256', bytes: 'inside of TLS' },
  { scheme: 'couchbases', mechanism: 'PLAIN', bytes: 'inside of TLS' },
];

describe.each(ways)('over $scheme with $mechanism, bytes $bytes', describeLosses);
