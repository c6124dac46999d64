import { connect, type Socket } from 'node:net';
import { Feature, Frame, FrameParser, Magic, Opcode, Status } from '@cb/protocol';
import type { EmbeddedCluster } from '../src/cluster/cluster.js';
import { type RequestParts, requestBytes } from './kv/request-bytes.js';

/** What the clients of the tests agree on. */
const FEATURES = [
  Feature.Xerror,
  Feature.Json,
  Feature.MutationSeqno,
  Feature.Duplex,
  Feature.ClustermapChangeNotification,
];

/** A plain client on a real socket: one request after the other, no more than the tests of the server need. */
export class KvClient {
  readonly closed: Promise<void>;
  /** The requests that the server sent. */
  readonly pushes: Frame[] = [];
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (frame: Frame) => void>();
  #opaque = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const parser = new FrameParser((frame) => this.#take(frame), { reads: 'responses' });
    socket.on('data', (chunk) => parser.push(chunk));
    // 'close' tells of it.
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', () => resolve());
    });
  }

  /** Connects, and no more. */
  static async connect(port: number): Promise<KvClient> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new KvClient(socket);
  }

  /** Connects to a node, signs in as the cluster's user, and selects a bucket. */
  static async open(cluster: EmbeddedCluster, node = 0, bucket?: string): Promise<KvClient> {
    const client = await KvClient.connect(cluster.nodes[node]!.ports.kv);
    const features = Buffer.from(FEATURES.flatMap((code) => [code >> 8, code & 0xff]));
    await client.ask(Opcode.Hello, { value: features });
    await client.ask(Opcode.SaslAuth, { key: 'PLAIN', value: `\0${cluster.username}\0${cluster.password}` });
    const { status } = await client.ask(Opcode.SelectBucket, { key: bucket ?? cluster.bucketNames[0]! });
    if (status !== Status.Success) throw new Error(`selecting the bucket failed with status ${status}`);
    return client;
  }

  /** Sends a request; resolves with the answer. */
  ask(opcode: number, parts: RequestParts = {}): Promise<Frame> {
    const opaque = ++this.#opaque;
    return new Promise((resolve) => {
      this.#waiting.set(opaque, resolve);
      this.#socket.write(requestBytes(opcode, { ...parts, opaque }));
    });
  }

  send(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Stops reading what the server sends, or goes on. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(frame: Frame): void {
    const copy = new Frame();
    copy.readHeader(Buffer.from(frame.bytes.subarray(frame.start, frame.end)), 0);
    if (copy.magic === Magic.ServerRequest) this.pushes.push(copy);
    else this.#waiting.get(copy.opaque)?.(copy);
  }
}
