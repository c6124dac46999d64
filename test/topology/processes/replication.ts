import type { NodeProcess } from './node-process.js';

/** Keeps one replica of one vbucket up to date. */
interface Stream {
  readonly id: number;
  readonly vbucket: number;
  readonly source: NodeProcess;
  readonly target: NodeProcess;
}

/**
 * What goes from the active copies of vbuckets to their replicas in other processes, as a cluster manager carries it
 * between data nodes.
 *
 *   node process (active)            this process                   node process (replica)
 *   vbucket ---> ReplicationSource --- item ---> [ streams ] ---> ReplicationTarget ---> vbucket
 *     mutation, prepare, abort …                  [ by id   ]        applies it
 *   syncWrites.acknowledge <--------------------- [         ] <--- seqno, when it holds a prepare
 *
 * One channel leads to each process and keeps the order, so that a caller answered by both ends, the source first,
 * knows that everything sent before has arrived. What belongs to a stream that has been closed is dropped: here, and by
 * the ends, which know its id no more. What was under way from or to a process that was killed is lost.
 */
export class Replication {
  readonly #streams = new Map<number, Stream>();
  #lastId = 0;

  /** The streams that keep the replicas of a vbucket up to date. */
  of(vbucket: number): Stream[] {
    return [...this.#streams.values()].filter((stream) => stream.vbucket === vbucket);
  }

  /** Brings a copy, which is made a replica, up to what the active copy has, and keeps it there. */
  async open(vbucket: number, source: NodeProcess, target: NodeProcess): Promise<void> {
    const id = ++this.#lastId;
    this.#streams.set(id, { id, vbucket, source, target });
    const position = await target.ask('receive', { stream: id, vbucket });
    await source.ask('feed', { stream: id, vbucket, node: target.name, position });
  }

  /** Ends a stream; what is under way is lost. */
  async close({ id, source, target }: Stream): Promise<void> {
    this.#streams.delete(id);
    await Promise.all([source, target].map((end) => end.isUp && end.ask('endStream', id)));
  }

  /**
   * Resolves when all replicas of a vbucket have what its active copy had at the call.
   * @throws Error when one has not, although it was told.
   */
  async drain(vbucket: number): Promise<void> {
    const drained = this.of(vbucket).map(async ({ source, target }) => {
      const sent = await source.ask<number>('highSeqno', vbucket);
      const arrived = await target.ask<number>('highSeqno', vbucket);
      if (arrived < sent) throw new Error(`vbucket ${vbucket} of ${target.name} is at ${arrived}, not at ${sent}`);
    });
    await Promise.all(drained);
  }

  /** Carries an item to the other end of its stream. */
  carry(from: NodeProcess, id: number, item: unknown): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    const to = from === stream.source ? stream.target : stream.source;
    to.send(id, item);
  }
}
