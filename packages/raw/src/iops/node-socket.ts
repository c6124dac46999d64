import * as net from 'node:net';
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import type { TLSSocket } from 'node:tls';
import { LCB_READ_EVENT, LCB_WRITE_EVENT } from './constants.js';
import type { IOEvent } from './event.js';
import type { IOSocket, SocketTarget } from './iops.js';
import { trustedCertificates } from './tls-files.js';
import { nextTick } from './turns.js';

/** Size of the receive buffer, in bytes: a larger one means fewer reads for a burst of replies. */
const RECEIVE_BYTES = 128 * 1024;

let lastFileno = 0;

/**
 * A socket of `node:net` or `node:tls` behind one-shot readiness. Hot file.
 *
 * Plain sockets always receive into one buffer (`onread`), so nothing is allocated per read: a received chunk is
 * signalled from within the read callback, and when the core has not asked to read again by its end, reading stops.
 */
export class NodeSocket implements IOSocket {
  readonly fileno = ++lastFileno;
  readonly #event: IOEvent;
  readonly #socket: net.Socket;
  /** What the core waits for. */
  #watched = 0;
  #received: Buffer | undefined = undefined;
  #connected = false;
  /** The block that `send` could not pass on whole is still with the socket. */
  #sending = false;
  #ended = false;
  #error: Error | undefined = undefined;
  #destroyed = false;
  #deliveryDue = false;
  #delivering = false;
  /** No reads are asked of the operating system. */
  #paused = false;
  /** An error is left to the `error` event: the block was not sent. */
  readonly #onSent = (error?: Error | null): void => {
    if (this.#sending && !error && this.#socket.writableLength === 0) this.#writable();
  };

  constructor(event: IOEvent, target: SocketTarget) {
    this.#event = event;
    this.#socket = target.tls === undefined ? this.#connectPlain(target) : this.#connectTls(target, target.tls);
    const socket = this.#socket;
    socket.on('error', (error) => this.#finish(firstCause(error)));
    socket.on('end', () => this.#finish(undefined));
    socket.on('close', () => this.#finish(undefined));
    // Once more when connected: Node forgets the first when it goes on to the next address of a name.
    if (!target.ref) socket.unref().once('connect', () => socket.unref());
  }

  get ended(): boolean {
    return this.#ended;
  }

  get error(): Error | undefined {
    return this.#error;
  }

  get remoteAddress(): string | undefined {
    const { remoteAddress, remotePort } = this.#socket;
    return remoteAddress === undefined ? undefined : `${remoteAddress}:${remotePort}`;
  }

  get localAddress(): string | undefined {
    const { localAddress, localPort } = this.#socket;
    return localAddress === undefined ? undefined : `${localAddress}:${localPort}`;
  }

  recv(): Buffer | undefined {
    const received = this.#received;
    this.#received = undefined;
    return received;
  }

  send(bytes: Buffer): boolean {
    this.#socket.write(bytes, this.#onSent);
    if (this.#socket.writableLength === 0) return true;
    this.#sending = true;
    return false;
  }

  destroy(): void {
    this.#watched = 0;
    this.#ended = true;
    this.#destroyed = true;
    this.#socket.destroy();
  }

  /** Replaces what is waited for; called by `NodeIOPS.updateEvent`. */
  watch(flags: number): void {
    if (this.#destroyed) return;
    this.#watched = flags;
    if ((flags & LCB_READ_EVENT) !== 0 && this.#paused && this.#received === undefined) {
      this.#paused = false;
      this.#socket.resume();
    }
    if ((flags & this.#readiness()) !== 0 && !this.#deliveryDue) {
      this.#deliveryDue = true;
      // From within a delivery the next one waits for the loop, or a socket that is always ready would keep it for itself.
      if (this.#delivering) setImmediate(deliver, this);
      else nextTick(deliver, this);
    }
  }

  /** Signals what is both ready and waited for, and disarms. */
  deliver(): void {
    this.#deliveryDue = false;
    const flags = this.#watched & this.#readiness();
    if (flags === 0) return;
    this.#watched = 0;
    this.#delivering = true;
    try {
      this.#event.ready(flags);
    } finally {
      this.#delivering = false;
    }
  }

  #readiness(): number {
    if (this.#ended) return LCB_READ_EVENT | LCB_WRITE_EVENT;
    const readable = this.#received === undefined ? 0 : LCB_READ_EVENT;
    return this.#connected && !this.#sending ? readable | LCB_WRITE_EVENT : readable;
  }

  #connectPlain(target: SocketTarget): net.Socket {
    const { keepAliveMs } = target;
    return net
      .connect({
        ...addressOptions(target),
        noDelay: true,
        keepAlive: keepAliveMs > 0,
        keepAliveInitialDelay: keepAliveMs,
        onread: {
          buffer: Buffer.allocUnsafeSlow(RECEIVE_BYTES),
          callback: (count, buffer) => this.#receive((buffer as Buffer).subarray(0, count)),
        },
      })
      .once('connect', () => this.#writable());
  }

  #connectTls(target: SocketTarget, options: NonNullable<SocketTarget['tls']>): TLSSocket {
    const { host, keepAliveMs } = target;
    const { cert, key, verify } = options;
    const ca = trustedCertificates(options);
    // Loaded only here, as most of the rest of Node's cryptography comes with it.
    const socket = process.getBuiltinModule('node:tls').connect({
      ...addressOptions(target),
      rejectUnauthorized: verify,
      ...(net.isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    });
    socket.setNoDelay(true);
    if (keepAliveMs > 0) socket.setKeepAlive(true, keepAliveMs);
    socket.once('secureConnect', () => this.#writable());
    socket.on('data', (chunk: Buffer) => {
      if (!this.#receive(chunk)) socket.pause();
    });
    return socket;
  }

  /** Takes a chunk; true when more may come at once. */
  #receive(chunk: Buffer): boolean {
    this.#received = chunk;
    if ((this.#watched & LCB_READ_EVENT) !== 0) {
      this.#watched = 0;
      this.#event.ready(LCB_READ_EVENT);
    }
    if (this.#received === undefined && (this.#watched & LCB_READ_EVENT) !== 0) return true;
    this.#paused = true;
    return false;
  }

  #writable(): void {
    this.#connected = true;
    this.#sending = false;
    this.deliver();
  }

  /** Notes that the socket is over; the first reason counts. */
  #finish(error: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#socket.destroy();
    this.deliver();
  }
}

function deliver(socket: NodeSocket): void {
  socket.deliver();
}

/** Where a socket goes, in the words of `node:net`. */
function addressOptions({ host, port, family, resolveMs }: SocketTarget): net.TcpNetConnectOpts {
  return { host, port, family: family ?? 0, ...(resolveMs === undefined ? {} : { lookup: lookupWithin(resolveMs) }) };
}

/** Looks up host names as `node:net` does, for this many milliseconds at most. */
function lookupWithin(ms: number): net.LookupFunction {
  return (hostname, options, callback) => {
    let isOver = false;
    const end = (...outcome: Parameters<typeof callback>): void => {
      if (!isOver) callback(...outcome);
      isOver = true;
      clearTimeout(timer);
    };
    // After a turn, as the answer may have come while the loop was held up.
    const giveUp = (): void => void setImmediate(end, new Error(`${hostname} was not resolved within ${ms} ms`), []);
    const timer = setTimeout(giveUp, ms);
    // What waits for the socket keeps the process alive.
    timer.unref();
    process.getBuiltinModule('node:dns').lookup(hostname, options, end);
  };
}

/** Where every address of a name failed, Node's error has no message of its own: the first address's error has. */
function firstCause(error: Error): Error {
  const first = error.message === '' && 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : undefined;
  return first ?? error;
}
