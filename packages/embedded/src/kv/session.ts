import {
  BODY_BYTES_MAX,
  Datatype,
  Frame,
  FrameParser,
  FrameWriter,
  HEADER_BYTES,
  Magic,
  ProtocolError,
  type ScramServer,
  ServerOpcode,
} from '@cb/protocol';
import type { User } from '../auth/user.js';
import type { AnswerFault } from '../faults/answer-fault.js';
import { FaultyTransport } from '../faults/faulty-transport.js';
import type { Transport } from '../net/transport.js';
import type { Bucket } from '../store/bucket.js';
import { type ConfigText, type ConfigVersion, isNewer } from '../store/config-text.js';
import type { KvNode, Session } from './context.js';
import { dispatch, mayReorder } from './dispatch.js';
import { meetsFault } from './faulty-request.js';
import { Features } from './features.js';
import { Request } from './request.js';

/**
 * Amount of waiting output, in bytes, that is passed to the transport at once, even in the middle of a received chunk:
 * a client reads the first answers to a long list of requests while the others are made.
 */
const FLUSH_BYTES = 64 * 1024;
/** High-water mark of output that waits for a slow reader, in bytes: above it, no further request is served. */
const BACKLOG_BYTES_MAX = 4 * 1024 * 1024;
/**
 * Maximum number of waiting requests of a connection under unordered execution; further ones wait until one is
 * answered. Source: kv_engine daemon/settings.h, `max_concurrent_commands_per_connection`.
 */
const PARKED_MAX = 32;
/**
 * Maximum size of a body before authentication, in bytes. Source: kv_engine daemon/connection_libevent.cc, 16 KiB with
 * the header.
 */
const STRANGER_BODY_BYTES_MAX = 16 * 1024 - HEADER_BYTES;
/** A block that a large value has made larger than this, in bytes, is released. */
const BLOCK_BYTES_KEPT = 2 * 1024 * 1024;

/**
 * One client's conversation with one node, over any transport. Hot file: requests are parsed and answered in place,
 * and what one received chunk produces leaves in as few writes as are good for the client.
 *
 *   receive(chunk) -> FrameParser -> dispatch -> writer -> transport.write
 *                          |
 *                          +-> held, while an earlier request is parked or the reader is slow
 */
export class KvSession implements Session {
  readonly node: KvNode;
  readonly features = new Features();
  /** Where replies are written; only `Request` and `push` use it. */
  writer = new FrameWriter();
  user: User | undefined;
  bucket: Bucket | undefined;
  /** Bits of `Privilege` that the user has for the selected bucket. */
  privileges = 0;
  /** The client's name in HELLO. */
  agent = '';
  /** The SCRAM exchange that waits for the client's last message. */
  scram: ScramServer | undefined;
  /** The newest configuration of the selected bucket (or of the cluster) that the client was given. */
  knownConfig: ConfigVersion | undefined;
  #transport: Transport;
  /** The same, once an answer had to leave distorted. */
  #faulty: FaultyTransport | undefined;
  readonly #parser: FrameParser;
  readonly #request: Request;
  /** Requests that wait for an answer from elsewhere. */
  readonly #parked: Request[] = [];
  /** Frames after a parked request, or delayed by a slow reader, in order. */
  #held: Buffer[] = [];
  readonly #heldFrame = new Frame();
  /** Requests are being served: whatever they produce is sent when they are done. */
  #busy = false;
  #open = true;
  #paused = false;

  constructor(node: KvNode, transport: Transport) {
    this.node = node;
    this.#transport = transport;
    this.#request = new Request(this, new Frame());
    this.#parser = new FrameParser((frame) => this.#onFrame(frame), {
      reads: 'requests',
      bodyBytesMax: STRANGER_BODY_BYTES_MAX,
    });
    node.sessions.add(this);
    node.connectionsTotal++;
    if (node.anonymous !== undefined) this.#signInAnonymously(node.anonymous);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Takes received bytes. A stream that is not a sequence of requests ends the session without an answer. */
  receive(chunk: Buffer): void {
    if (!this.#open) return;
    this.#busy = true;
    try {
      this.#parser.push(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // A server leaves the rest of what is too long unread, so that the client sees a reset.
      if (this.#parser.isOversized) this.reset();
      else this.close();
    } finally {
      this.#busy = false;
    }
    if (this.#held.length > 0) this.#serveHeld();
    this.#flush();
  }

  /** The transport's backlog is sent: resumes after a slow reader. */
  drained(): void {
    this.#serveHeld();
  }

  /** Ends the session; what was answered is still sent. */
  close(): void {
    if (!this.#open) return;
    this.#flush();
    this.closed();
    this.#transport.close();
  }

  /** Breaks the connection at once. */
  reset(): void {
    if (!this.#open) return;
    this.closed();
    if (this.#transport.reset === undefined) this.#transport.close();
    else this.#transport.reset();
  }

  /** The transport is gone. */
  closed(): void {
    this.#open = false;
    this.#parser.stop();
    this.#held = [];
    this.node.sessions.delete(this);
  }

  /** Sets the user of the session. No bucket is selected then, unless a bucket has the user's name. */
  signIn(user: User | undefined): void {
    this.user = user;
    this.#parser.bodyBytesMax = user === undefined ? STRANGER_BODY_BYTES_MAX : BODY_BYTES_MAX;
    this.select(undefined);
    const namesake = user?.mayUse(user.name) ? this.node.selectable.get(user.name) : undefined;
    if (namesake !== undefined) this.select(namesake);
  }

  select(bucket: Bucket | undefined): void {
    this.bucket = bucket;
    this.knownConfig = undefined;
    this.privileges = this.user === undefined ? 0 : this.user.privileges(bucket?.name);
  }

  /** Announces a newer configuration to a client that registered for that. */
  pushConfig(bucket: string, config: ConfigText): void {
    const { faults } = this.node;
    const clustermapPush = this.features.clustermapPush && faults?.tells('push') !== false;
    const clustermapPushBrief = this.features.clustermapPushBrief && faults?.tells('push-brief') !== false;
    if (!clustermapPush && !clustermapPushBrief) return;
    if (!isNewer(config, this.knownConfig)) return;
    this.knownConfig = config;
    this.node.trace?.pushed(this, 'ClustermapChangeNotification', bucket);
    const { writer } = this;
    writer.begin(Magic.ServerRequest, ServerOpcode.ClustermapChangeNotification);
    writer.u64(config.epoch);
    writer.u64(config.revision);
    writer.endExtras();
    writer.utf8(bucket);
    writer.endKey();
    if (clustermapPush) writer.raw(config.json);
    writer.end(0, clustermapPush ? Datatype.Json : Datatype.Raw, 0, 0, 0);
    this.wrote();
  }

  /** A reply is complete: sends it, unless more of the chunk at hand is going to be answered. */
  wrote(): void {
    if (!this.#busy || this.writer.length > FLUSH_BYTES) this.#flush();
  }

  /** The answer to a request that meets a fault is complete: it leaves behind those written before it. */
  wroteFaulty(fault: AnswerFault): void {
    const bytes = fault.take();
    if (fault.isDropped || !this.#open) return;
    this.#flush();
    if (this.#faulty === undefined) {
      this.#faulty = new FaultyTransport(this.#transport, this.node.clock, () => this.drained());
      this.#transport = this.#faulty;
    }
    this.#faulty.distort(bytes, fault.distortion);
  }

  /** A request waits for an answer from elsewhere. */
  parked(request: Request): void {
    this.#parked.push(request);
  }

  /** A parked request is answered: serves what waited behind it. */
  unpark(request: Request): void {
    const at = this.#parked.indexOf(request);
    if (at >= 0) this.#parked.splice(at, 1);
    this.#serveHeld();
  }

  /** Serves a parked request from the start, because what it waited for may have happened. */
  retry(request: Request, serve: (request: Request, session: Session) => void = dispatch): void {
    const at = this.#parked.indexOf(request);
    if (at >= 0) this.#parked.splice(at, 1);
    if (!this.#open) return;
    const { fault, arrivedAt } = request;
    request.fill(request.frame);
    request.fault = fault;
    request.arrivedAt = arrivedAt;
    serve(request, this);
    this.#serveHeld();
  }

  #serve(frame: Frame): void {
    this.#request.fill(frame);
    const { faults, trace } = this.node;
    if (trace !== undefined) trace.asked(this, frame);
    if (faults === undefined || !meetsFault(this.#request, faults)) dispatch(this.#request, this);
  }

  #signInAnonymously(name: string): void {
    const user = this.node.users.get(name);
    if (user === undefined) return;
    this.signIn(user);
    this.select([...this.node.selectable.values()].find((bucket) => user.mayUse(bucket.name)));
  }

  #onFrame(frame: Frame): void {
    if (this.#held.length === 0 && this.#mayServe(frame)) {
      this.#serve(frame);
    } else {
      this.#hold(frame);
    }
  }

  /** Whether nothing before this frame is in its way. */
  #mayServe(frame: Frame): boolean {
    if (this.#transport.backlogBytes > BACKLOG_BYTES_MAX) return false;
    if (this.#parked.length === 0) return true;
    return (
      this.features.unordered &&
      this.#parked.length < PARKED_MAX &&
      mayReorder(frame) &&
      this.#parked.every((one) => mayReorder(one.frame))
    );
  }

  #hold(frame: Frame): void {
    this.#held.push(Buffer.from(frame.bytes.subarray(frame.start, frame.end)));
    if (this.#paused) return;
    this.#paused = true;
    this.#transport.pause();
  }

  #serveHeld(): void {
    if (this.#busy || this.node.isHanging) return;
    this.#busy = true;
    const frame = this.#heldFrame;
    while (this.#open && this.#held.length > 0) {
      frame.readHeader(this.#held[0]!, 0);
      if (!this.#mayServe(frame)) break;
      this.#held.shift();
      this.#serve(frame);
    }
    this.#busy = false;
    this.#flush();
    if (!this.#open || !this.#paused || this.#held.length > 0) return;
    this.#paused = false;
    this.#transport.resume();
  }

  #flush(): void {
    const { writer } = this;
    // A node that hangs sends nothing, not even what it knows already.
    if (writer.length === 0 || this.node.isHanging) return;
    const reusable = !this.#open || this.#transport.write(writer.written);
    const tooLarge = writer.bytes.length > BLOCK_BYTES_KEPT;
    if (reusable && !tooLarge) writer.reset();
    else this.writer = new FrameWriter(tooLarge ? undefined : writer.bytes.length);
  }
}
