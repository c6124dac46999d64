import { setImmediate } from 'node:timers/promises';
import type { Document } from '../store/document.js';
import { idText, mapInput } from './map-input.js';
import { type Emission, type MapOutput, readMapOutput } from './map-output.js';
import { InvalidFunction, type Sandbox, SandboxError, SandboxTimeout, SandboxUnavailable } from './sandbox/sandbox.js';

/** A version of a document that is to be mapped. */
export interface Change {
  readonly document: Document;
  readonly partition: number;
}

/** What one map function emitted for one document. */
export type Emissions = readonly Emission[];

/** Maximum number of documents that go into a sandbox at once; other work has its turn between two batches. */
const BATCH_DOCUMENTS_MAX = 256;
const BATCH_CHARACTERS_MAX = 1024 * 1024;

/** Maximum number of messages of one update; a function may log one for each of a million documents. */
const REPORTS_MAX = 10;

/** Maximum size of the keys and values that a function emits for one document, in bytes. Source: couchbase/couchdb, mapreduce. */
const EMITTED_BYTES_MAX = 1024 * 1024;

/** Maximum number of documents on which map functions run out of time before the whole index fails. */
const TIMEOUTS_MAX = 3;

/** Runs the map functions of a design over documents, in a sandbox and in batches. */
export class Mapper {
  readonly #sources: readonly string[];
  readonly #sandbox: Sandbox;
  readonly #report: (message: string) => void;

  /** @param report is told of documents that a map function failed on, and of what it logged */
  constructor(sources: readonly string[], sandbox: Sandbox, report: (message: string) => void) {
    this.#sources = sources;
    this.#sandbox = sandbox;
    this.#report = report;
  }

  /**
   * What each map function made of each document; of one that it failed on, nothing.
   * @throws SandboxError when the functions do not compile or run out of time again and again.
   */
  async map(changes: readonly Change[]): Promise<(readonly Emissions[])[]> {
    const run = new MapRun(this.#sources, this.#sandbox, this.#report);
    const mapped: (readonly Emissions[])[] = [];
    let batch: Item[] = [];
    let characters = 0;
    for (const { document, partition } of changes) {
      const id = idText(document);
      if (id === undefined) run.report(`skipping a document whose id is not UTF-8: ${JSON.stringify(document.key)}`);
      const input = id === undefined ? undefined : mapInput(document, partition, id);
      batch.push({ id: id ?? '', input });
      characters += input?.length ?? 0;
      if (batch.length < BATCH_DOCUMENTS_MAX && characters < BATCH_CHARACTERS_MAX) continue;
      mapped.push(...(await run.map(batch)));
      [batch, characters] = [[], 0];
      await setImmediate();
    }
    mapped.push(...(await run.map(batch)));
    run.end();
    return mapped;
  }
}

interface Item {
  readonly id: string;
  /** Undefined for a document that is left out. */
  readonly input: string | undefined;
}

/** One go over the documents of an update. */
class MapRun {
  readonly #sources: readonly string[];
  readonly #sandbox: Sandbox;
  readonly #report: (message: string) => void;
  #timeouts = 0;
  #reports = 0;

  constructor(sources: readonly string[], sandbox: Sandbox, report: (message: string) => void) {
    this.#sources = sources;
    this.#sandbox = sandbox;
    this.#report = report;
  }

  async map(batch: readonly Item[]): Promise<(readonly Emissions[])[]> {
    const items = batch.filter(({ input }) => input !== undefined);
    const output = items.length === 0 ? [] : await this.#mapAll(items);
    const results = output.values();
    return batch.map(({ input }) => (input === undefined ? this.#nothing() : results.next().value!));
  }

  report(message: string): void {
    if (++this.#reports <= REPORTS_MAX) this.#report(message);
  }

  end(): void {
    const unsaid = this.#reports - REPORTS_MAX;
    if (unsaid > 0) this.#report(`and ${unsaid} more messages about documents`);
  }

  /** All at once; when that fails, one by one, to find out which document is to blame. */
  async #mapAll(items: readonly Item[]): Promise<(readonly Emissions[])[]> {
    try {
      return this.#read(await this.#call(items), items);
    } catch (error) {
      if (!isOfDocuments(error)) throw error;
      if (items.length === 1) return [this.#failed(items[0]!, error)];
    }
    const mapped: (readonly Emissions[])[] = [];
    for (const item of items) {
      await setImmediate();
      mapped.push(...(await this.#mapAll([item])));
    }
    return mapped;
  }

  async #call(items: readonly Item[]): Promise<MapOutput> {
    const documents = `[${items.map(({ input }) => input).join()}]`;
    return readMapOutput(await this.#sandbox.map(this.#sources, documents), items.length, this.#sources.length);
  }

  #read({ mapped, logged }: MapOutput, items: readonly Item[]): (readonly Emissions[])[] {
    for (const { document, message } of logged) {
      this.report(`map function log for document ${JSON.stringify(items[document]?.id)}: ${message}`);
    }
    return mapped.map((results, index) =>
      results.map((result) => {
        const error = 'error' in result ? result.error : excess(result);
        if (error === undefined) return result as Emissions;
        this.report(`error mapping document ${JSON.stringify(items[index]!.id)}: ${error}`);
        return [];
      }),
    );
  }

  #failed({ id }: Item, error: SandboxError): readonly Emissions[] {
    this.report(`error mapping document ${JSON.stringify(id)}: ${error.message}`);
    if (error instanceof SandboxTimeout && ++this.#timeouts >= TIMEOUTS_MAX) throw error;
    return this.#nothing();
  }

  #nothing(): readonly Emissions[] {
    return this.#sources.map(() => []);
  }
}

/** Why a function emitted too much for a document; undefined when it did not. */
function excess(emissions: Emissions): string | undefined {
  let bytes = 0;
  for (const { keyText, valueText } of emissions) {
    bytes += Buffer.byteLength(keyText) + Buffer.byteLength(valueText);
    if (bytes > EMITTED_BYTES_MAX) return `too much data emitted: ${bytes} bytes`;
  }
  return undefined;
}

/** Whether the error may be the fault of some documents, so that others fare better without them. */
function isOfDocuments(error: unknown): error is SandboxError {
  if (error instanceof InvalidFunction || error instanceof SandboxUnavailable) return false;
  return error instanceof SandboxError;
}
