import { type CouchbaseError, nextTick, ProtocolError, type Transcoder } from '@cb/raw';
import type { AnswerHead, Flow } from '../http/exchange.js';
import type { CallReader } from '../http/service-call.js';
import { GatheredBytes } from './gathered-bytes.js';
import { RowScanner } from './row-scanner.js';
import { jsonParserOf, type ParseJson } from './row-texts.js';

/** Whoever the rows are for. */
export interface RowReceiver {
  /** An answer begins, perhaps not the first: rows that were not passed on are void. */
  answerBegins(head: AnswerHead, flow: Flow): void;
  /** So many bytes of the answer have come. */
  bytesArrived(bytes: number): void;
  /** The rows of one network chunk. */
  rowsArrived(rows: unknown[]): void;
  /** The answer is no answer. */
  answerBroken(error: CouchbaseError): void;
  readonly hasDelivered: boolean;
  readonly rowsReturned: number;
}

/** Reads an answer with rows. One network chunk may have many pieces of a body; the rows of all of them come together. */
export class RowReader implements CallReader {
  readonly #rowsName: string;
  readonly #receiver: RowReceiver;
  readonly #parse: ParseJson;
  readonly #gathered = new GatheredBytes();
  #scanner: RowScanner;
  #bytes = 0;
  #isDue = false;

  constructor(rowsName: string, receiver: RowReceiver, transcoder: Transcoder) {
    this.#rowsName = rowsName;
    this.#receiver = receiver;
    this.#parse = jsonParserOf(transcoder);
    this.#scanner = new RowScanner(rowsName, this.#parse);
  }

  get hasDelivered(): boolean {
    return this.#receiver.hasDelivered;
  }

  get progress(): string {
    return this.#bytes === 0 ? '' : `; ${this.#receiver.rowsReturned} rows were delivered, from ${this.#bytes} bytes`;
  }

  begin(head: AnswerHead, flow: Flow): void {
    this.#scanner = new RowScanner(this.#rowsName, this.#parse);
    this.#gathered.clear();
    this.#bytes = 0;
    this.#receiver.answerBegins(head, flow);
  }

  chunk(bytes: Buffer): void {
    this.#bytes += bytes.length;
    this.#receiver.bytesArrived(this.#bytes);
    this.#gathered.add(bytes);
    if (this.#isDue) return;
    this.#isDue = true;
    nextTick(flush, this);
  }

  /** Passes on what has become complete, unless that was done. */
  flush(): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    const scanner = this.#scanner;
    scanner.push(this.#gathered.bytes);
    const rows = scanner.take();
    this.#gathered.clear();
    if (rows.length > 0) this.#receiver.rowsArrived(rows);
    if (scanner.failure !== undefined) this.#receiver.answerBroken(scanner.failure);
  }

  /** The answer without its rows, all of which are passed on now. Throws what is wrong with it. */
  finish(): object {
    this.flush();
    const metadata = this.#scanner.finish();
    if (metadata !== undefined) return metadata;
    throw this.#scanner.failure ?? new ProtocolError('the answer is broken');
  }
}

function flush(reader: RowReader): void {
  reader.flush();
}
