import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import type { ClusterBucket } from '../../src/cluster/cluster-bucket.js';
import type { ClusterOptions } from '../../src/cluster/cluster-options.js';

/** A view service's answer: the fields that there are in some kind of it. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the server answers is what the tests look into
  readonly json: any;
}

export interface AskOptions {
  readonly node?: number;
  /** Sent as JSON, unless it is a text already. */
  readonly body?: unknown;
  /** `user:password`, or nothing to stay unknown. */
  readonly credentials?: string;
  /** What the body says that it is. */
  readonly type?: string;
}

/** A cluster with a bucket `default`, and a client of its view ports. */
export class ViewCluster implements AsyncDisposable {
  readonly cluster: EmbeddedCluster;
  /** What the cluster warned of. */
  readonly warnings: readonly string[];

  private constructor(cluster: EmbeddedCluster, warnings: readonly string[]) {
    this.cluster = cluster;
    this.warnings = warnings;
  }

  static async start(options: ClusterOptions = {}): Promise<ViewCluster> {
    const warnings: string[] = [];
    const onWarning = (message: string): void => {
      warnings.push(message);
    };
    const cluster = await EmbeddedCluster.start({ vbuckets: 16, onWarning, ...options });
    return new ViewCluster(cluster, warnings);
  }

  get bucket(): ClusterBucket {
    return this.cluster.bucket('default');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cluster.stop();
  }

  /** Puts documents `d0`, `d1` … and so on. */
  fill(count: number, document: (index: number) => unknown = (index) => ({ n: index })): void {
    for (let index = 0; index < count; index++) this.bucket.put(`d${index}`, document(index));
  }

  /** Writes a design document with one view for each function. */
  async define(name: string, maps: Readonly<Record<string, string>>, reduce?: string): Promise<ServiceAnswer> {
    const views = Object.fromEntries(
      Object.entries(maps).map(([view, map]) => [view, reduce === undefined ? { map } : { map, reduce }]),
    );
    const answer = await this.ask('PUT', `/default/_design/${name}`, { body: { views } });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer;
  }

  /** Asks `design/view?options`. */
  query(view: string, node = 0): Promise<ServiceAnswer> {
    const [, design, rest] = /^([^/]*)\/(.*)$/.exec(view)!;
    return this.ask('GET', `/default/_design/${design}/_view/${rest}`, { node });
  }

  /** The ids of the rows that a query finds. */
  async ids(view: string, node = 0): Promise<string[]> {
    const { json } = await this.query(view, node);
    return json.rows.map(({ id }: { id: string }) => id);
  }

  async ask(method: string, path: string, options: AskOptions = {}): Promise<ServiceAnswer> {
    const { node = 0, body, credentials = 'Administrator:password', type = 'application/json' } = options;
    const { hostname, ports } = this.cluster.nodes[node]!;
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    const response = await fetch(`http://${hostname}:${ports.capi}${path}`, {
      method,
      redirect: 'manual',
      headers: { 'content-type': type, ...(credentials === '' ? {} : { authorization }) },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not all answers are JSON.
    return undefined;
  }
}
