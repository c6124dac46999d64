import type { EmbeddedCluster } from '@cb/embedded';

/** A row of an answer. */
export interface AnsweredRow {
  readonly id?: string;
  readonly key: unknown;
  readonly value: unknown;
}

/** What a view port answers. */
export interface ViewAnswer {
  readonly status: number;
  readonly text: string;
  readonly total_rows?: number;
  readonly rows: readonly AnsweredRow[];
  readonly errors?: readonly { readonly from: string; readonly reason: string }[];
  readonly error?: string;
  readonly reason?: string;
  readonly debug_info?: Readonly<Record<string, unknown>>;
}

export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** Speaks HTTP to the view port of one node. */
export class ViewClient {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ nodes, username, password }: EmbeddedCluster, bucket: string, node = 0) {
    const { hostname, ports } = nodes[node]!;
    this.#base = `http://${hostname}:${ports.capi}/${bucket}/_design`;
    const credentials = Buffer.from(`${username}:${password}`).toString('base64');
    this.#headers = { authorization: `Basic ${credentials}`, 'content-type': 'application/json' };
  }

  async write(design: string, body: unknown): Promise<ViewAnswer> {
    return this.#ask('PUT', design, JSON.stringify(body));
  }

  /** Asks `design/view`; with a body by POST. */
  query(view: string, parameters: Parameters = {}, body?: object): Promise<ViewAnswer> {
    const [design, name] = view.split('/');
    const query = new URLSearchParams(
      Object.entries(parameters).map(([key, value]): [string, string] => [key, String(value)]),
    );
    const path = `${design}/_view/${name}?${query}`;
    return body === undefined ? this.#ask('GET', path) : this.#ask('POST', path, JSON.stringify(body));
  }

  async #ask(method: string, path: string, body: string | null = null): Promise<ViewAnswer> {
    const response = await fetch(`${this.#base}/${path}`, { method, headers: this.#headers, body });
    const text = await response.text();
    return { status: response.status, text, ...JSON.parse(text) };
  }
}
