import { hostPort, type NodeEntry, type ServicePorts } from '../config/cluster-config.js';

/** Whether a node listens at every address of the machine. */
export function isAnywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** Whether only this machine reaches it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** Returns the address at which this machine reaches a node that listens at the given one. */
export function hostnameOf(host: string): string {
  return isAnywhere(host) ? '127.0.0.1' : host;
}

/** The KV ports of nodes, as SDKs take them: `couchbases` with TLS. */
export function connectionStringOf(scheme: 'couchbase' | 'couchbases', nodes: readonly NodeEntry[]): string {
  const hosts = nodes.map(({ hostname, ports }) =>
    hostPort(hostname, scheme === 'couchbase' ? ports.kv : (ports.kvSSL ?? 0)),
  );
  return `${scheme}://${hosts.join(',')}`;
}

/** The ports of the nodes of a cluster: see `ClusterOptions`. */
export interface PortPlan {
  readonly ports: 'random' | 'default' | number;
  readonly tls: boolean;
}

/** Returns the ports of a node; 0 is any free one. */
export function portsOf({ ports, tls }: PortPlan, index: number): ServicePorts {
  if (ports === 'random') return { kv: 0, mgmt: 0, capi: 0, n1ql: 0 };
  if (ports === 'default') {
    const at = 10 * index;
    const secure = { kvSSL: 11207 + at, mgmtSSL: 18091 + at, capiSSL: 18092 + at, n1qlSSL: 18093 + at };
    return { kv: 11210 + at, mgmt: 8091 + at, capi: 8092 + at, n1ql: 8093 + at, ...(tls ? secure : {}) };
  }
  const first = ports + (tls ? 8 : 4) * index;
  const secure = { kvSSL: first + 4, mgmtSSL: first + 5, capiSSL: first + 6, n1qlSSL: first + 7 };
  return { kv: first, mgmt: first + 1, capi: first + 2, n1ql: first + 3, ...(tls ? secure : {}) };
}
