import type { EmbeddedCluster } from '../../src/index.js';
import { HttpClient } from '../http/http-client.js';

/** The answer to a statement. */
export interface QueryAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what tests look into.
  readonly json: any;
}

/** Sends statements to a node of a cluster; all its users have the password `password`. */
export class QueryClient {
  readonly #cluster: EmbeddedCluster;

  constructor(cluster: EmbeddedCluster) {
    this.#cluster = cluster;
  }

  ask(
    statement: string,
    { user = 'Administrator', ...more }: Readonly<Record<string, string>> = {},
  ): Promise<QueryAnswer> {
    const client = new HttpClient(this.#cluster.nodes[0]!.ports.n1ql, `${user}:password`);
    return client.post('/query/service', { statement, ...more });
  }

  /** Returns the rows of a statement that succeeds. */
  async rows(statement: string, more: Record<string, string> = {}): Promise<unknown[]> {
    const { json } = await this.ask(statement, more);
    expect(json.errors).toBeUndefined();
    return json.results;
  }

  /** Returns code and message of the first error. */
  async error(statement: string, more: Record<string, string> = {}): Promise<string> {
    const { json } = await this.ask(statement, more);
    const [error] = json.errors ?? [{ code: 0, msg: 'none' }];
    return `${error.code} ${error.msg}`;
  }
}
