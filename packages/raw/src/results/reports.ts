/*
 * What SDK RFC 0061 calls for: reports on the connections of a bucket. `JSON.stringify` of one gives the form that all
 * official SDKs write, version 2.
 */

/** How one connection to one node answered. */
export interface EndpointPing {
  /** The node, as `host:port`. */
  readonly remote: string;
  /** Our end of the connection, as `address:port`; undefined when there is none. */
  readonly local: string | undefined;
  /** How the ping ended. */
  readonly state: 'ok' | 'timeout' | 'error';
  /** Microseconds from the call to the answer, or until that was given up. */
  readonly latencyUs: number;
  /** Why it is not `ok`. */
  readonly error: string | undefined;
  /** The bucket. */
  readonly namespace: string;
}

/** How one connection to one node stands. */
export interface EndpointDiagnostics {
  /** The node, as `host:port`. */
  readonly remote: string;
  /** Our end of the connection, as `address:port`; undefined when there is none. */
  readonly local: string | undefined;
  /** The state of the connection. */
  readonly state: 'disconnected' | 'connecting' | 'connected' | 'disconnecting';
  /** Microseconds since bytes were last received; undefined when none ever were. */
  readonly lastActivityUs: number | undefined;
  /** The reason why there is no connection, if known. */
  readonly details: string | undefined;
  /** The bucket. */
  readonly namespace: string;
}

/** What all reports on the connections of a bucket have. */
export class ConnectionReport<Endpoint> {
  /** The version of the form that `toJSON` gives. */
  readonly version = 2;
  /** The name of the report: the caller's, or a random one. */
  readonly id: string;
  /** This SDK and its version. */
  readonly sdk: string;
  /** The connections, by service. */
  readonly services: { readonly kv: readonly Endpoint[] };

  constructor(id: string, sdk: string, kv: readonly Endpoint[]) {
    this.id = id;
    this.sdk = sdk;
    this.services = { kv };
  }
}

/** The answer to `ping`. */
export class PingReport extends ConnectionReport<EndpointPing> {
  /** The revision of the cluster map. */
  readonly configRev: number;

  constructor(id: string, sdk: string, configRev: number, kv: readonly EndpointPing[]) {
    super(id, sdk, kv);
    this.configRev = configRev;
  }

  /** Returns the form that all official SDKs write. */
  toJSON(): object {
    const { version, id, configRev, sdk, services } = this;
    const kv = services.kv.map(({ latencyUs, ...rest }) => ({ ...rest, latency_us: latencyUs }));
    return { version, id, config_rev: configRev, sdk, services: { kv } };
  }
}

/** The answer to `diagnostics`. */
export class DiagnosticsReport extends ConnectionReport<EndpointDiagnostics> {
  /** Returns the form that all official SDKs write. */
  toJSON(): object {
    const { version, id, sdk, services } = this;
    const kv = services.kv.map(({ lastActivityUs, ...rest }) => ({ ...rest, last_activity_us: lastActivityUs }));
    return { version, id, sdk, services: { kv } };
  }
}
