import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { monotonicMs } from '../time/monotonic.js';

/** Number of characters that are collected before they are sent. */
const PIECE_CHARACTERS = 16 * 1024;

/** Longest time that rows wait for others to be sent with them, in milliseconds. */
const WAIT_MS = 10;

/** The body of an answer, sent in pieces no faster than the client takes them; in one piece if it is short. */
export class AnswerOutput {
  readonly #response: ServerResponse;
  readonly #type: string;
  #text = '';
  #sentAtMs = monotonicMs();

  constructor(response: ServerResponse, type: string) {
    this.#response = response;
    this.#type = type;
  }

  /** Adds text, which is sent with the next piece. */
  add(text: string): void {
    this.#text += text;
  }

  /** Sends what has been collected if it is much or has waited for long, and waits until the client has room for more. */
  async pass(): Promise<void> {
    const isDue = this.#text.length >= PIECE_CHARACTERS || monotonicMs() - this.#sentAtMs >= WAIT_MS;
    if (!isDue || this.#response.destroyed) return;
    if (!this.#response.headersSent) this.#response.writeHead(200, { 'content-type': this.#type });
    const hasRoom = this.#response.write(this.#text);
    this.#text = '';
    if (!hasRoom) await this.#room();
    this.#sentAtMs = monotonicMs();
  }

  /** Ends the answer; the status tells if nothing has been sent before. */
  end(status: number): void {
    if (!this.#response.headersSent) {
      const length = Buffer.byteLength(this.#text);
      this.#response.writeHead(status, { 'content-type': this.#type, 'content-length': length });
    }
    this.#response.end(this.#text);
  }

  async #room(): Promise<void> {
    const left = new AbortController();
    const { signal } = left;
    const isGone = (): void => left.abort();
    this.#response.once('close', isGone);
    await once(this.#response, 'drain', { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    this.#response.off('close', isGone);
  }
}
