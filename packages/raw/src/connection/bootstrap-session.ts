import type { ClusterMap, CouchbaseError, ErrorMap, SaslMechanism, ScramChallenge, ScramClient } from '@cb/protocol';
import type { CompressionSettings } from '../values/compression.js';
import type { Credentials } from './credentials.js';
import type { SaltedPasswords } from './salted-passwords.js';

export interface BootstrapSettings {
  /** `memcached` speaks the binary protocol without anything of Couchbase. */
  readonly protocol: 'couchbase' | 'memcached';
  /** None for a server without authentication, or with a client certificate. */
  readonly credentials: Credentials | undefined;
  readonly bucket: string | undefined;
  /** The connection is encrypted. */
  readonly secure: boolean;
  /** The mechanism to use instead of the best one that keeps the password secret. */
  readonly mechanism: SaslMechanism | undefined;
  readonly saltedPasswords: SaltedPasswords;
  /** The fewest iterations of SCRAM that are accepted. */
  readonly iterationsMin: number;
  /** Mutations return their position in the history of their vbucket. */
  readonly mutationTokens: boolean;
  /** The server pushes newer cluster maps. */
  readonly mapNotifications: boolean;
  /** The server may carry operations out in another order than they were sent. */
  readonly unorderedExecution: boolean;
  /** What HELLO introduces the client as. */
  readonly userAgent: string;
  /** None leaves Snappy out. */
  readonly compression: CompressionSettings | undefined;
}

/** What the handshake came to. */
export interface BootstrapOutcome {
  readonly features: ReadonlySet<number>;
  readonly errorMap: ErrorMap | undefined;
  /** The configuration that the node knew, unless it knew none. */
  readonly map: ClusterMap | undefined;
}

/** What the steps of one handshake know and find out. */
export class BootstrapSession implements BootstrapOutcome {
  readonly settings: BootstrapSettings;
  /** The host by which the node was reached, for configurations that leave it out. */
  readonly host: string;
  readonly randomBytes: (count: number) => Buffer;
  features: ReadonlySet<number> = new Set();
  errorMap: ErrorMap | undefined = undefined;
  map: ClusterMap | undefined = undefined;
  mechanism: SaslMechanism;
  /** What the server offers, once it has said so. */
  serverMechanisms = '';
  scram: ScramClient | undefined = undefined;
  /** What the server asked for; its answer needs the salted password. */
  challenge: ScramChallenge | undefined = undefined;
  saltedPassword: Uint8Array | undefined = undefined;
  /** The mechanism was refused; another one that the server offers may make it good. */
  refusal: CouchbaseError | undefined = undefined;
  authenticated: boolean;

  constructor(settings: BootstrapSettings, host: string, randomBytes: (count: number) => Buffer) {
    this.settings = settings;
    this.host = host;
    this.randomBytes = randomBytes;
    // Encrypted, the plain mechanism saves a round trip and the server the work of SCRAM.
    this.mechanism = settings.mechanism ?? (settings.secure ? 'PLAIN' : 'SCRAM-SHA512');
    this.authenticated = settings.credentials === undefined;
  }
}
