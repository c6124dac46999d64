import { FrameWriter } from '@cb/protocol';
import type { IOSocket } from '../iops/iops.js';

const BLOCK_BYTES = 64 * 1024;
/** Maximum number of requests in a block that waits for more, while as many are outstanding elsewhere. */
export const FEW_REQUESTS = 8;

/** The requests of one connection that the socket has not sent, in two blocks that take turns. Hot file. */
export class Outbox {
  /** Requests are written here … */
  block = new FrameWriter(BLOCK_BYTES);
  /** … while the socket still has this one. */
  #spare = new FrameWriter(BLOCK_BYTES);
  /** How many requests were written. */
  written = 0;
  /** Of the written ones, how many the socket was given. */
  #flushed = 0;
  /** The opaque of the first one in the block, or of one before that one. */
  firstOpaque = 0;
  /** What is in the block waits for the end of this turn of the event loop. */
  #isWaiting = false;

  get isEmpty(): boolean {
    return this.block.length + this.#spare.length === 0;
  }

  /** The socket has released its block. */
  sent(): void {
    this.#spare.reset();
  }

  /**
   * Whether the block should wait: a few requests wait, once, for more that answers from other nodes may bring in this turn
   * of the event loop. A system call for each would take longer than all the rest.
   */
  waitsForMore(mayCome: () => boolean): boolean {
    this.#isWaiting = this.written - this.#flushed < FEW_REQUESTS && !this.#isWaiting && mayCome();
    return this.#isWaiting;
  }

  /** Hands the block to the socket; while the socket keeps it, requests go to the other one. True when there was anything. */
  flush(socket: IOSocket, nextOpaque: number): boolean {
    const { block } = this;
    if (block.length === 0) return false;
    this.#flushed = this.written;
    this.firstOpaque = nextOpaque;
    if (socket.send(block.written)) {
      block.reset();
    } else {
      this.block = this.#spare;
      this.#spare = block;
    }
    return true;
  }
}
