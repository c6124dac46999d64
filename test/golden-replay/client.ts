import { connect, type Socket } from 'node:net';
import { HEADER_BYTES } from '@cb/protocol';
import { opaqueOf, splitPackets } from './packet.js';

/** One connection to the server under test; keeps what arrives until it is taken. */
export class ReplayClient {
  readonly #socket: Socket;
  #packets: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);
  readonly #ignored = new Set<number>();
  #closed = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#receive(chunk);
    });
    // The server may hang up while we write; 'close' tells.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  static async open(port: number): Promise<ReplayClient> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new ReplayClient(socket);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  send(bytes: Buffer): void {
    if (bytes.length > 0 && !this.#closed) this.#socket.write(bytes);
  }

  /** The complete packets that have arrived and were not taken yet. */
  get packets(): readonly Buffer[] {
    return this.#packets;
  }

  /** Drops every packet with one of these opaques, from now on. */
  ignore(opaques: readonly number[]): void {
    for (const opaque of opaques) this.#ignored.add(opaque);
    this.#packets = this.#packets.filter((packet) => !this.#ignored.has(opaqueOf(packet)));
  }

  /** Waits until the packets suffice, the connection is closed, or the time is up. */
  async waitFor(suffice: (packets: readonly Buffer[]) => boolean, ms: number): Promise<void> {
    const until = performance.now() + ms;
    while (!this.#closed && !suffice(this.#packets)) {
      const left = until - performance.now();
      if (left <= 0) return;
      await this.#change(left);
    }
  }

  /** Waits until the connection is closed, or the time is up. */
  async waitClosed(ms: number): Promise<void> {
    const until = performance.now() + ms;
    while (!this.#closed && performance.now() < until) await this.#change(until - performance.now());
  }

  /** Takes the packets that have arrived. */
  take(): Buffer[] {
    const packets = this.#packets;
    this.#packets = [];
    return packets;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    const all = splitPackets(Buffer.concat([this.#rest, chunk]));
    const last = all.at(-1)!;
    const isWhole = last.length >= HEADER_BYTES && last.length === HEADER_BYTES + last.readUInt32BE(8);
    this.#rest = isWhole ? Buffer.alloc(0) : all.pop()!;
    for (const packet of all) if (!this.#ignored.has(opaqueOf(packet))) this.#packets.push(packet);
    this.#wake();
  }

  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, ms));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
