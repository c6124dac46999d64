import type { Contender, ServerAddress } from '../contender.js';
import { beerAt, DOCUMENT_BYTES, DOCUMENTS } from '../documents.js';
import { type FloorWork, GET_REPLY_BYTES, openFloor, VALUE_AT } from './socket-floor.js';

/**
 * The floor with the JSON that every client has to do: text from bytes and `JSON.parse` of each document that is read,
 * `JSON.stringify` and bytes from text of each that is stored. What a client costs beyond this is its own doing.
 */
export function open(server: ServerAddress): Promise<Contender> {
  return openFloor(server, new JsonWork());
}

class JsonWork implements FloorWork {
  /** For the documents of which a read brings only a part, which are few. */
  readonly #text = JSON.stringify(beerAt(0));
  readonly #block = Buffer.alloc(DOCUMENTS * DOCUMENT_BYTES);
  #sum = 0;

  read(bytes: Buffer, before: number): void {
    const begun = before % GET_REPLY_BYTES;
    let at = (GET_REPLY_BYTES - begun) % GET_REPLY_BYTES;
    if (begun > 0 && at <= bytes.length) this.#take(this.#text);
    for (; at + GET_REPLY_BYTES <= bytes.length; at += GET_REPLY_BYTES) {
      this.#take(bytes.toString('utf8', at + VALUE_AT, at + GET_REPLY_BYTES));
    }
  }

  write(first: number, count: number): void {
    for (let index = first; index < first + count; index++) {
      const text = JSON.stringify(beerAt(index));
      this.#sum += this.#block.write(text, (index % DOCUMENTS) * DOCUMENT_BYTES, 'utf8');
    }
  }

  /** The sum is there so that no document can be left out. */
  #take(text: string): void {
    this.#sum += JSON.parse(text).serial;
    if (Number.isNaN(this.#sum)) throw new Error('a document has lost its serial');
  }
}
