import { LCB_READ_EVENT } from '../../src/iops/constants.js';
import type { IOEvent } from '../../src/iops/event.js';
import type { IOSocket, SocketTarget } from '../../src/iops/iops.js';
import { NodeIOPS } from '../../src/iops/node-iops.js';
import type { BrokenIOPS } from './broken-iops.js';

/** Changes every socket that is opened. */
class SocketIOPS extends NodeIOPS {
  readonly #change: (socket: IOSocket, event: IOEvent) => void;

  constructor(change: (socket: IOSocket, event: IOEvent) => void) {
    super();
    this.#change = change;
  }

  override openSocket(event: IOEvent, target: SocketTarget): IOSocket {
    const socket = super.openSocket(event, target);
    this.#change(socket, event);
    return socket;
  }
}

function property(socket: IOSocket, name: keyof IOSocket, get: () => unknown): void {
  Object.defineProperty(socket, name, { get });
}

/** Faults of sockets. */
export const socketFaults: readonly BrokenIOPS[] = [
  {
    fault: 'gives every socket the same number',
    caught: 'open sockets have filenos of their own',
    says: 'share a fileno',
    make: () => new SocketIOPS((socket) => property(socket, 'fileno', () => 7)),
  },
  {
    fault: 'says nothing of errors',
    caught: 'a refused connection shows as readiness with the error',
    says: 'left `socket.error` unset',
    make: () => new SocketIOPS((socket) => property(socket, 'error', () => undefined)),
  },
  {
    fault: 'says nothing of resets',
    caught: 'a reset shows as readable with the error',
    says: 'left `socket.error` unset',
    make: () => new SocketIOPS((socket) => property(socket, 'error', () => undefined)),
  },
  {
    fault: 'never ends',
    caught: 'the end of the stream shows as readable',
    says: 'not within',
    make: () => new SocketIOPS((socket) => property(socket, 'ended', () => false)),
  },
  {
    fault: 'receives bytes twice',
    caught: 'bytes are received in order',
    says: 'first difference',
    make: () =>
      new SocketIOPS((socket) => {
        const { recv } = socket;
        let again: Buffer | undefined;
        socket.recv = () => {
          const bytes = again ?? recv.call(socket);
          again = again === undefined && bytes !== undefined ? Buffer.from(bytes) : undefined;
          return bytes;
        };
      }),
  },
  {
    fault: 'reads once more what it gave away',
    caught: 'bytes are received in order',
    says: 'first difference',
    make: () =>
      new SocketIOPS((socket) => {
        const { recv } = socket;
        let given: Buffer | undefined;
        let last = 0;
        socket.recv = () => {
          const bytes = recv.call(socket);
          if (bytes === undefined) return bytes;
          // Right only as long as nobody has written over the bytes before.
          if (given !== undefined) bytes[0]! ^= given.at(-1)! ^ last;
          given = Buffer.from(bytes);
          last = given.at(-1)!;
          return given;
        };
      }),
  },
  {
    fault: 'overwrites received memory',
    caught: 'received memory is stable until the next watch for reading',
    says: 'received memory while nothing was watched',
    make: () =>
      new SocketIOPS((socket) => {
        const { recv } = socket;
        socket.recv = () => {
          const bytes = recv.call(socket);
          setImmediate(() => bytes?.fill(0));
          return bytes;
        };
      }),
  },
  {
    fault: 'keeps memory that it called reusable',
    caught: 'memory may be reused as send says',
    says: 'first difference',
    make: () =>
      new SocketIOPS((socket) => {
        const { send } = socket;
        socket.send = (bytes) => {
          process.nextTick(() => send.call(socket, bytes));
          return true;
        };
      }),
  },
  {
    fault: 'takes bytes without end',
    caught: 'a peer that does not receive holds the socket back',
    says: 'taken though the peer receives none',
    make: () =>
      new SocketIOPS((socket) => {
        const { send } = socket;
        socket.send = (bytes) => {
          send.call(socket, Buffer.from(bytes));
          return true;
        };
      }),
  },
  {
    fault: 'signals after destroy',
    caught: 'a destroyed socket is silent',
    says: 'while nothing was watched',
    make: () =>
      new SocketIOPS((socket, event) => {
        const { destroy } = socket;
        socket.destroy = () => {
          destroy.call(socket);
          setImmediate(() => event.ready(LCB_READ_EVENT));
        };
      }),
  },
  {
    fault: 'does not close on destroy',
    caught: 'a destroyed socket is silent',
    says: 'while nothing was watched',
    make: () =>
      new SocketIOPS((socket) => {
        socket.destroy = () => {};
      }),
  },
];
