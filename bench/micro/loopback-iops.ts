import { type Frame, FrameParser, FrameWriter, Magic, Opcode } from '@cb/protocol';
import { EventAction, type IOEvent, type IOPS, type IOSocket, LCB_READ_EVENT, LCB_WRITE_EVENT } from '@cb/raw';

const VALUE = '{"a":1}';
const FLAGS_JSON = 0x02000000;

/** A memcached without a kernel in between: what is sent is answered there and then, and read at the next turn. */
class LoopbackSocket implements IOSocket {
  readonly fileno: number;
  readonly ended = false;
  readonly error = undefined;
  readonly remoteAddress = undefined;
  readonly localAddress = undefined;
  readonly #event: IOEvent;
  readonly #requests = new FrameParser((frame) => this.#answer(frame), { reads: 'requests' });
  readonly #answers = new FrameWriter(256 * 1024);
  #watched = 0;

  constructor(fileno: number, event: IOEvent) {
    this.fileno = fileno;
    this.#event = event;
  }

  recv(): Buffer | undefined {
    const { written } = this.#answers;
    this.#answers.reset();
    return written.length === 0 ? undefined : written;
  }

  send(bytes: Buffer): boolean {
    this.#requests.push(bytes);
    return true;
  }

  destroy(): void {
    this.#watched = 0;
  }

  watch(flags: number): void {
    this.#watched = flags;
  }

  /** Signals what is waited for; false when that is not there. */
  turn(): boolean {
    const ready = this.#answers.length > 0 ? LCB_READ_EVENT | LCB_WRITE_EVENT : LCB_WRITE_EVENT;
    const flags = this.#watched & ready;
    if (flags === 0) return false;
    this.#watched = 0;
    this.#event.ready(flags);
    return true;
  }

  #answer({ opcode, opaque }: Frame): void {
    const answers = this.#answers;
    answers.begin(Magic.Response, opcode);
    if (opcode === Opcode.Get) {
      answers.u32(FLAGS_JSON);
      answers.endExtras();
      answers.latin1(VALUE);
    } else {
      answers.latin1('1.6.18');
    }
    answers.end(0, 0, opaque, 0, 1);
  }
}

/** I/O that happens only in `turn`, and timers that never fire. */
export class LoopbackIOPS implements IOPS {
  readonly #sockets = new Map<IOEvent, LoopbackSocket>();

  openSocket(event: IOEvent): IOSocket {
    const socket = new LoopbackSocket(this.#sockets.size, event);
    this.#sockets.set(event, socket);
    event.socket = socket;
    return socket;
  }

  updateEvent(event: IOEvent, action: EventAction, flags: number): void {
    this.#sockets.get(event)?.watch(action === EventAction.Watch ? flags : 0);
  }

  updateTimer(): void {}
  startWatching(): void {}
  stopWatching(): void {}

  now(): number {
    return performance.now() * 1000;
  }

  randomBytes(count: number): Buffer {
    return Buffer.alloc(count);
  }

  /** Lets everything happen that can. */
  turn(): void {
    let isBusy = true;
    while (isBusy) {
      isBusy = false;
      for (const socket of this.#sockets.values()) isBusy = socket.turn() || isBusy;
    }
  }
}
