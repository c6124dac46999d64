import { ArgumentError, type CouchbaseError, TimeoutError } from '@cb/protocol';
import type { ClusterView, EndpointView } from '../operation/cluster-view.js';
import type { CompositeCall, CompositeHost, CompositeSteps } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import type { OperationOptions } from '../operation/options.js';
import { DiagnosticsReport, type EndpointDiagnostics, type EndpointPing, PingReport } from '../results/reports.js';
import { AGENT } from '../values/agent.js';
import { checkOptions, checkSignal, checkTimeout, describe } from '../values/argument-checks.js';
import { noop } from './noop.js';

/** Options of `ping`. */
export interface PingOptions extends Omit<OperationOptions, 'retry'> {
  /** The name of the report. Default: a random one. */
  readonly reportId?: string | undefined;
}

/** Sends a NOOP to every node and waits for all answers. A node that fails is in the report, with the reason. */
export function ping(context: OperationContext, bucket: string, options: PingOptions = {}): CompositeCall<PingReport> {
  checkOptions('ping', options, ['timeout', 'signal', 'reportId']);
  const reportId = checkReportId(options.reportId);
  return {
    name: 'ping',
    key: '',
    timeoutMs: options.timeout === undefined ? context.timeoutMs : checkTimeout(options.timeout),
    signal: options.signal === undefined ? undefined : checkSignal(options.signal),
    idempotent: true,
    async run(steps) {
      const { host } = steps;
      const { nodeNames, map } = host.cluster;
      const kv = await Promise.all(nodeNames.map((node) => pingNode(steps, context, node, bucket)));
      return new PingReport(reportId ?? randomId(host), AGENT, map!.rev, kv);
    },
  };
}

/** Returns the state of all connections. Sends nothing. */
export function diagnostics(
  host: Pick<CompositeHost, 'now' | 'randomBytes'>,
  cluster: ClusterView,
  bucket: string,
  reportId?: string,
): DiagnosticsReport {
  const name = checkReportId(reportId);
  const kv = cluster.endpoints.map((endpoint) => endpointOf(endpoint, host.now(), bucket));
  return new DiagnosticsReport(name ?? randomId(host), AGENT, kv);
}

async function pingNode(
  steps: CompositeSteps,
  context: OperationContext,
  node: string,
  namespace: string,
): Promise<EndpointPing> {
  const { host } = steps;
  const operation = noop(context);
  operation.node = node;
  const begun = host.now();
  let error: CouchbaseError | undefined;
  try {
    await steps.issue(operation);
  } catch (thrown) {
    error = thrown as CouchbaseError;
  }
  const local = host.cluster.endpoints.find(({ name }) => name === node)?.connection?.localAddress;
  return {
    remote: node,
    local,
    state: error === undefined ? 'ok' : error instanceof TimeoutError ? 'timeout' : 'error',
    latencyUs: Math.round(host.now() - begun),
    error: error?.message,
    namespace,
  };
}

const STATES = {
  opening: 'connecting',
  bootstrapping: 'connecting',
  ready: 'connected',
  closed: 'disconnected',
} as const;

function endpointOf(endpoint: EndpointView, now: number, namespace: string): EndpointDiagnostics {
  const { name, connection } = endpoint;
  const lastActivity = connection?.lastActivity;
  const state = connection === undefined ? 'disconnected' : STATES[connection.state];
  return {
    remote: name,
    local: connection?.localAddress,
    state,
    lastActivityUs: lastActivity === undefined ? undefined : Math.round(now - lastActivity),
    details: state === 'connected' ? undefined : endpoint.trouble()?.message,
    namespace,
  };
}

function randomId({ randomBytes }: Pick<CompositeHost, 'randomBytes'>): string {
  return `0x${randomBytes(8).toString('hex')}`;
}

function checkReportId(reportId: unknown): string | undefined {
  if (reportId === undefined || typeof reportId === 'string') return reportId;
  throw new ArgumentError(`reportId must be a string, not ${describe(reportId)}`);
}
