export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** The body read as JSON; undefined when it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what the server answers is what the tests look into
  readonly json: any;
}

/** The parts of a configuration that the tests of streams look at. */
interface StreamedConfig {
  readonly rev: number;
  readonly collectionsManifestUid: string;
}

/** A client of one HTTP port. */
export class HttpClient {
  readonly port: number;
  readonly #headers: Record<string, string>;

  /** @param credentials `user:password`; none to stay unknown. */
  constructor(port: number, credentials?: string) {
    this.port = port;
    this.#headers =
      credentials === undefined ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  }

  get(path: string): Promise<HttpAnswer> {
    return this.#ask('GET', path);
  }

  delete(path: string): Promise<HttpAnswer> {
    return this.#ask('DELETE', path);
  }

  post(path: string, form: Record<string, string | number>): Promise<HttpAnswer> {
    return this.#ask('POST', path, form);
  }

  /** Sends a body that is not a form. */
  async postText(path: string, body: string): Promise<HttpAnswer> {
    const headers = { ...this.#headers, 'content-type': 'application/json' };
    const response = await fetch(this.#url(path), { method: 'POST', headers, body });
    const text = await response.text();
    return { status: response.status, text, json: parse(text) };
  }

  put(path: string, form: Record<string, string | number>): Promise<HttpAnswer> {
    return this.#ask('PUT', path, form);
  }

  patch(path: string, form: Record<string, string | number>): Promise<HttpAnswer> {
    return this.#ask('PATCH', path, form);
  }

  /** The configurations of a streaming endpoint, one after the other. */
  async stream(path: string): Promise<{ next(): Promise<StreamedConfig>; end(): void }> {
    const abort = new AbortController();
    const response = await fetch(this.#url(path), { headers: this.#headers, signal: abort.signal });
    const chunks = response.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    let text = '';
    const next = async (): Promise<StreamedConfig> => {
      while (!text.includes('\n\n\n\n')) text += (await chunks.next()).value;
      const [config, ...rest] = text.split('\n\n\n\n');
      text = rest.join('\n\n\n\n');
      return JSON.parse(config!);
    };
    return { next, end: () => abort.abort() };
  }

  async #ask(method: string, path: string, form?: Record<string, string | number>): Promise<HttpAnswer> {
    const fields = Object.fromEntries(Object.entries(form ?? {}).map(([name, value]) => [name, String(value)]));
    const body = form === undefined ? null : new URLSearchParams(fields);
    const response = await fetch(this.#url(path), { method, headers: this.#headers, body });
    const text = await response.text();
    return { status: response.status, text, json: parse(text) };
  }

  #url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Plain text is an answer like any other.
    return undefined;
  }
}
