import { once } from 'node:events';
import * as net from 'node:net';
import { type Frame, FrameParser, FrameWriter, Magic, Opcode, Status } from '@cb/protocol';

/** How a scripted node answers one request: by a status and parts, by raw bytes, or not at all. */
export type Answer =
  | { readonly status: number; readonly extras?: Buffer; readonly value?: Buffer | string; readonly cas?: bigint }
  | { readonly bytes: Buffer }
  | 'silence'
  | 'hang up';

export type Script = (frame: Frame, connection: net.Socket) => Answer | undefined;

/**
 * A node that says exactly what a test tells it to say, for answers that no good server gives. What the script leaves
 * open is answered as by a node with one bucket, all vbuckets and no authentication worth its name (PLAIN).
 */
export class ScriptedNode implements AsyncDisposable {
  readonly #server: net.Server;
  readonly port: number;
  readonly connections = new Set<net.Socket>();
  /** The opcodes received, in order, over all connections. */
  readonly received: number[] = [];
  script: Script = () => undefined;

  private constructor(server: net.Server) {
    this.#server = server;
    this.port = (server.address() as net.AddressInfo).port;
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async start(script?: Script): Promise<ScriptedNode> {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const node = new ScriptedNode(server);
    if (script !== undefined) node.script = script;
    return node;
  }

  get connectionString(): string {
    return `couchbase://127.0.0.1:${this.port}/default?sasl_mech_force=PLAIN`;
  }

  /** A configuration in which this node has everything. */
  config(overrides: object = {}): string {
    return JSON.stringify({
      rev: 1,
      name: 'default',
      nodesExt: [{ thisNode: true, services: { kv: this.port } }],
      vBucketServerMap: { serverList: [`$HOST:${this.port}`], vBucketMap: [[0]] },
      ...overrides,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.connections) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: net.Socket): void {
    this.connections.add(socket);
    socket.on('close', () => this.connections.delete(socket));
    socket.on('error', () => {});
    const parser = new FrameParser((frame) => this.#answer(frame, socket), { reads: 'requests' });
    socket.on('data', (chunk) => parser.push(chunk));
  }

  #answer(frame: Frame, socket: net.Socket): void {
    this.received.push(frame.opcode);
    const answer = this.script(frame, socket) ?? this.#standard(frame);
    if (answer === 'silence' || socket.destroyed) return;
    if (answer === 'hang up') socket.destroy();
    else if ('bytes' in answer) socket.write(answer.bytes);
    else socket.write(reply(frame, answer));
  }

  #standard(frame: Frame): Answer {
    switch (frame.opcode) {
      case Opcode.Hello:
        return { status: Status.Success, value: frame.value.subarray(0) };
      case Opcode.GetErrorMap:
        return { status: Status.Success, value: '{"version":2,"revision":1,"errors":{}}' };
      case Opcode.SaslListMechs:
        return { status: Status.Success, value: 'PLAIN' };
      case Opcode.GetClusterConfig:
        return { status: Status.Success, value: this.config() };
      case Opcode.SaslAuth:
      case Opcode.SelectBucket:
      case Opcode.Noop:
        return { status: Status.Success };
      default:
        return { status: Status.UnknownCommand };
    }
  }
}

/** The bytes of an answer to the request. */
export function reply(frame: Frame, answer: Exclude<Answer, string | { readonly bytes: Buffer }>): Buffer {
  const writer = new FrameWriter();
  const cas = answer.cas ?? 0n;
  writer.begin(Magic.Response, frame.opcode);
  if (answer.extras !== undefined) writer.raw(answer.extras);
  writer.endExtras();
  if (answer.value !== undefined) writer.raw(Buffer.from(answer.value as string));
  writer.end(answer.status, 0, frame.opaque, Number(cas >> 32n), Number(cas & 0xffffffffn));
  return Buffer.from(writer.written);
}
