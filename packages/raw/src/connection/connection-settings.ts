import type { SocketOptions } from '../iops/iops.js';
import type { BootstrapSettings } from './bootstrap-session.js';
import type { KeysOnWire } from './keys-on-wire.js';
import type { TlsSettings } from './tls-settings.js';

/** A node's key-value address. */
export interface Address {
  /** The host name or address. */
  readonly host: string;
  /** The port. */
  readonly port: number;
}

export interface ConnectionSettings extends BootstrapSettings {
  readonly tls: TlsSettings | undefined;
  readonly sockets: SocketOptions;
  /** Milliseconds for connecting and the whole bootstrap. */
  readonly connectTimeoutMs: number;
  /** Those of all connections of the bucket. */
  readonly keysOnWire: KeysOnWire;
}
