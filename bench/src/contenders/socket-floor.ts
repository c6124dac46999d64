import { once } from 'node:events';
import * as net from 'node:net';
import type { Contender, ServerAddress } from '../contender.js';
import { DOCUMENT_BYTES } from '../documents.js';
import { signIn } from '../handshake.js';
import type { Latencies } from '../latencies.js';
import type { Load } from '../load.js';
import { ReplyCounter } from '../reply-counter.js';
import { encodeGet, encodeUpsert, RequestRing } from '../request-ring.js';

/** One read takes at most this much, as in @cb/raw. */
const RECEIVE_BYTES = 128 * 1024;

const HEADER_BYTES = 24;
const FLAGS_BYTES = 4;
/** Where the value is in the reply to a get. All such replies are equally long. */
export const VALUE_AT = HEADER_BYTES + FLAGS_BYTES;
export const GET_REPLY_BYTES = VALUE_AT + DOCUMENT_BYTES;
const MUTATION_TOKEN_BYTES = 16;

/**
 * The floor: requests that were encoded beforehand through a plain socket of `node:net`, replies counted and not looked
 * at. What a client in JavaScript costs beyond this is its own doing.
 */
export function open(server: ServerAddress): Promise<Contender> {
  return openFloor(server, { read() {}, write() {} });
}

/** What a floor does besides sending and counting. */
export interface FloorWork {
  /** Received bytes of a lap of gets, `before` of which came earlier. */
  read(bytes: Buffer, before: number): void;
  /** So many upserts from number `first` on are about to be sent. */
  write(first: number, count: number): void;
}

/** A floor that does something more for each operation. */
export async function openFloor(server: ServerAddress, work: FloorWork): Promise<Contender> {
  const floor = new SocketFloor(server, work);
  await floor.connect();
  return floor;
}

class SocketFloor implements Contender {
  readonly #server: ServerAddress;
  readonly #work: FloorWork;
  readonly #socket: net.Socket;
  readonly #replies = new ReplyCounter();
  #gets!: RequestRing;
  #upserts!: RequestRing;
  #onBytes: (bytes: Buffer) => void = () => {};
  #onClose: (error: Error) => void = () => {};

  constructor(server: ServerAddress, work: FloorWork) {
    this.#server = server;
    this.#work = work;
    this.#socket = net.connect({
      host: server.host,
      port: server.port,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafeSlow(RECEIVE_BYTES),
        callback: (count, buffer) => {
          this.#onBytes((buffer as Buffer).subarray(0, count));
          return true;
        },
      },
    });
    this.#socket.on('close', () => this.#onClose(new Error('the server closed the connection')));
  }

  async connect(): Promise<void> {
    await once(this.#socket, 'connect');
    const vbuckets = this.#server.kind === 'embedded' ? await this.#signIn() : 0;
    this.#gets = new RequestRing((writer, index) => encodeGet(writer, index, vbuckets));
    this.#upserts = new RequestRing((writer, index) => encodeUpsert(writer, index, vbuckets));
  }

  run(load: Load, latencies: Latencies): Promise<void> {
    const ring = load.operation === 'upsert' ? this.#upserts : this.#gets;
    const { operations, inFlight } = load;
    const replies = this.#replies;
    replies.reset();
    return new Promise((resolve, reject) => {
      let begun = 0;
      const send = (count: number): void => {
        latencies.begin();
        if (load.operation === 'upsert') this.#work.write(begun, count);
        ring.write(this.#socket, begun, count);
        begun += count;
      };
      this.#onClose = reject;
      this.#onBytes = (bytes) => {
        if (load.operation !== 'upsert') this.#work.read(bytes, replies.bytes);
        const counted = replies.count(bytes);
        if (counted === 0) return;
        latencies.end();
        if (begun < operations) send(Math.min(counted, operations - begun));
        else if (replies.frames === operations) this.#finish(load, resolve, reject);
      };
      send(Math.min(inFlight, operations));
    });
  }

  async close(): Promise<void> {
    this.#socket.destroy();
  }

  #signIn(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#onClose = reject;
      this.#onBytes = signIn(this.#server, this.#socket, resolve, reject);
    });
  }

  /** Nobody looked at the replies; but refusals would have had another length. */
  #finish(load: Load, resolve: () => void, reject: (error: Error) => void): void {
    const expected = load.operations * replyBytes(load, this.#server);
    const { bytes } = this.#replies;
    if (bytes === expected) resolve();
    else reject(new Error(`the replies to ${load.operation} are ${bytes} bytes long, not ${expected}`));
  }
}

function replyBytes({ operation }: Load, { kind }: ServerAddress): number {
  if (operation !== 'upsert') return GET_REPLY_BYTES;
  return kind === 'embedded' ? HEADER_BYTES + MUTATION_TOKEN_BYTES : HEADER_BYTES;
}
