import { ArgumentError, type Frame, opcodeName } from '@cb/protocol';
import { checkFields, integerOption } from '../base/check-options.js';
import type { KvTrace, Session } from '../kv/context.js';
import { documentKey } from '../kv/document-key.js';
import type { Request } from '../kv/request.js';
import type { EmbeddedCluster } from './cluster.js';

/** A KV message. */
export interface TraceEntry {
  /** Milliseconds on the cluster's clock. */
  readonly at: number;
  /** Index of the node. */
  readonly node: number;
  /** The number of the connection, from 1. */
  readonly connection: number;
  /** A client's request, the answer to one, or a push of the server. */
  readonly kind: 'request' | 'answer' | 'push';
  /** `Get`, `Set`, …; the number in hex when it has no name. */
  readonly opcode: string;
  /** The number that links an answer to its request on one connection; 0 for a push. */
  readonly opaque: number;
  /** A request's key without its collection, or the bucket of a push. Empty for others. */
  readonly key: string;
  /** The status of an answer. */
  readonly status?: number | undefined;
}

/** Options of a trace. */
export interface TraceOptions {
  /** Maximum number of entries; the oldest are discarded. Default 1,000. */
  readonly entriesMax?: number | undefined;
}

/**
 * Keeps the last KV messages of a cluster, for tests that check requests.
 *
 *   using trace = new Trace(cluster);
 *   await bucket.get('ada');
 *   trace.entries.filter(({ key }) => key === 'ada');
 *
 * It records requests before faults apply to them, and answers that a fault then drops.
 */
export class Trace implements Disposable {
  readonly #cluster: EmbeddedCluster;
  readonly #entriesMax: number;
  readonly #connections = new WeakMap<Session, number>();
  #connectionCount = 0;
  #entries: TraceEntry[] = [];
  readonly #nodes: readonly KvTrace[];

  /**
   * Starts tracing the current nodes.
   * @throws ArgumentError when the cluster is traced already, or for an unknown option or a value out of range.
   */
  constructor(cluster: EmbeddedCluster, options: TraceOptions = {}) {
    checkFields(options, ['entriesMax'], 'options');
    this.#entriesMax = integerOption(options.entriesMax, 'entriesMax', 1, 1_000_000, 1000);
    this.#cluster = cluster;
    if (cluster.members.some(({ trace }) => trace !== undefined)) {
      throw new ArgumentError('the cluster is traced already');
    }
    this.#nodes = cluster.members.map((node, index) => {
      node.trace = new NodeTrace((session, message) => this.#keep(index, session, message));
      return node.trace;
    });
  }

  /** The oldest first. */
  get entries(): readonly TraceEntry[] {
    return this.#entries.slice(-this.#entriesMax);
  }

  /** Stops tracing; the entries remain. */
  stop(): void {
    for (const node of this.#cluster.members) {
      if (node.trace !== undefined && this.#nodes.includes(node.trace)) node.trace = undefined;
    }
  }

  /** Stops the trace, for `using`. */
  [Symbol.dispose](): void {
    this.stop();
  }

  #keep(node: number, session: Session, message: Message): void {
    let connection = this.#connections.get(session);
    if (connection === undefined) {
      connection = ++this.#connectionCount;
      this.#connections.set(session, connection);
    }
    this.#entries.push({ at: this.#cluster.clock.now(), node, connection, ...message });
    // Not one by one, which would move all the others each time.
    if (this.#entries.length >= 2 * this.#entriesMax) this.#entries = this.#entries.slice(-this.#entriesMax);
  }
}

type Message = Omit<TraceEntry, 'at' | 'node' | 'connection'>;

/** The trace of one node. */
class NodeTrace implements KvTrace {
  readonly #keep: (session: Session, message: Message) => void;

  constructor(keep: (session: Session, message: Message) => void) {
    this.#keep = keep;
  }

  asked(session: Session, frame: Frame): void {
    const { opcode, opaque } = frame;
    this.#keep(session, { kind: 'request', opcode: opcodeName(opcode), opaque, key: documentKey(frame, session) });
  }

  answered({ session, frame }: Request, status: number): void {
    const { opcode, opaque } = frame;
    this.#keep(session, { kind: 'answer', opcode: opcodeName(opcode), opaque, key: '', status });
  }

  /** @param name the name of the server's request. */
  pushed(session: Session, name: string, key: string): void {
    this.#keep(session, { kind: 'push', opcode: name, opaque: 0, key });
  }
}
