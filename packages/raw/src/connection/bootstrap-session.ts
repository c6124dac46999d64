import type { ClusterMap, CouchbaseError, ErrorMap, SaslMechanism, ScramChallenge, ScramClient } from '@cb/protocol';
import type { CompressionSettings } from '../values/compression.js';
import type { Credentials } from './credentials.js';
import type { SaltedPasswords } from './salted-passwords.js';

export interface BootstrapSettings {
  /** `memcached` speaks the binary protocol without anything of Couchbase. */
  readonly protocol: 'couchbase' | 'memcached';
  /** Undefined for a server without authentication, or with a client certificate. */
  readonly credentials: Credentials | undefined;
  readonly bucket: string | undefined;
  /** The connection is encrypted. */
  readonly secure: boolean;
  /** The mechanism to use instead of the best one that keeps the password secret. */
  readonly mechanism: SaslMechanism | undefined;
  readonly saltedPasswords: SaltedPasswords;
  /** Minimum number of SCRAM iterations that is accepted. */
  readonly iterationsMin: number;
  /** Mutations return their position in the history of their vbucket. */
  readonly mutationTokens: boolean;
  /** The server pushes newer cluster maps. */
  readonly mapNotifications: boolean;
  /** The server may carry operations out in another order than they were sent. */
  readonly unorderedExecution: boolean;
  /** What HELLO introduces the client as. */
  readonly userAgent: string;
  /** Undefined for no compression. */
  readonly compression: CompressionSettings | undefined;
}

/** The result of the handshake. */
export interface BootstrapOutcome {
  readonly features: ReadonlySet<number>;
  readonly errorMap: ErrorMap | undefined;
  /** The configuration that the node knew, unless it knew none. */
  readonly map: ClusterMap | undefined;
}

/** The shared state of the steps of one handshake. */
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
  /** The mechanism was refused; another one that the server offers may be accepted. */
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
