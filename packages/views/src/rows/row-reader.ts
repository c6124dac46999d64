import { type CouchbaseError, ProtocolError, type Transcoder } from '@cb/raw';
import { nextTick } from '@cb/raw/internal';
import type { AnswerHead, Flow } from '../http/exchange.js';
import type { CallReader } from '../http/service-call.js';
import { GatheredBytes } from './gathered-bytes.js';
import { RowScanner } from './row-scanner.js';
import { jsonParserOf, type ParseJson } from './row-texts.js';

/** The receiver of rows and events of an answer. */
export interface RowReceiver {
  /** Begins an answer, perhaps not the first: rows that were not passed on are void. */
  answerBegins(head: AnswerHead, flow: Flow): void;
  /** Reports the number of bytes received of the answer so far. */
  bytesArrived(bytes: number): void;
  /** Receives the rows of one network chunk. */
  rowsArrived(rows: unknown[]): void;
  /** Reports that the answer is malformed. */
  answerBroken(error: CouchbaseError): void;
  readonly hasDelivered: boolean;
  readonly rowsReturned: number;
}

/** Reads an answer with rows. One network chunk may hold many pieces of a body, whose rows are passed on together. */
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

  /** Passes on the rows that became complete, unless that was done. */
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

  broke(): boolean {
    this.flush();
    return this.#receiver.hasDelivered;
  }

  /** Passes on the last rows, and returns the answer without rows. Throws the error in the answer. */
  finish(): object {
    this.flush();
    const metadata = this.#scanner.finish();
    if (metadata !== undefined) return metadata;
    throw this.#scanner.failure ?? new ProtocolError('the answer is malformed');
  }
}

function flush(reader: RowReader): void {
  reader.flush();
}
