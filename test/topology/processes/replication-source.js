// The active's end of a replication stream.

/**
 * Follows an active vbucket, and tells the replica's end, in another process, what happens to it: plain data, in order.
 * The replica's end answers with the seqnos of the prepares that it has.
 */
export class ReplicationSource {
  #vbucket;
  #send;
  #unfollow = () => {};
  /** By seqno, the prepares that the replica has not acknowledged. */
  #unacknowledged = new Map();

  /** @param node the replica's, as the topology of the vbucket names it */
  constructor(vbucket, node, send) {
    this.#vbucket = vbucket;
    this.node = node;
    this.#send = send;
  }

  /** Brings the replica, which is at `position`, up to what the active has, and keeps it there. */
  start(position) {
    this.#backfill(position);
    this.#unfollow = this.#vbucket.follow(this);
  }

  stop() {
    this.#unfollow();
    this.#unacknowledged.clear();
  }

  /** The replica has a prepare. */
  receive({ seqno }) {
    const write = this.#unacknowledged.get(seqno);
    if (write === undefined) return;
    this.#unacknowledged.delete(seqno);
    this.#vbucket.syncWrites.acknowledge(this.node, write);
  }

  mutation(document) {
    this.#send({ kind: 'mutation', document });
  }

  prepare(write) {
    this.#send({ kind: 'prepare', prepare: this.#plain(write) });
  }

  abort({ draft: { collection, key } }, seqno) {
    this.#send({ kind: 'abort', collection, key, seqno });
  }

  drop(collection, seqno) {
    this.#send({ kind: 'drop', collection, seqno });
  }

  advance(seqno) {
    this.#send({ kind: 'advance', seqno });
  }

  restart() {
    this.#backfill(undefined);
  }

  /** A write as it can be sent, whose acknowledgement is waited for from now on. */
  #plain(write) {
    const { draft, level, seqno } = write;
    this.#unacknowledged.set(seqno, write);
    return { draft, level, seqno };
  }

  /** Sends what the replica lacks. One whose history is not part of the active's starts from nothing. */
  #backfill(position) {
    const { failoverLog, highSeqno, syncWrites } = this.#vbucket;
    const shared = position && failoverLog.lastSeqno(position.uuidHigh, position.uuidLow);
    const isPart = shared !== undefined && position.highSeqno <= Math.min(shared, highSeqno);
    if (!isPart) this.#send({ kind: 'reset' });
    const from = isPart ? position.highSeqno : 0;
    const documents = this.#vbucket.collections().flatMap((collection) => [...this.#vbucket.documents(collection)]);
    const missing = documents.filter(({ seqno }) => seqno > from).sort((a, b) => a.seqno - b.seqno);
    for (const document of missing) this.mutation(document);
    // In one piece with the prepares: the replica may have acknowledged some of them, and must not be without.
    const prepares = syncWrites.pending.map((write) => this.#plain(write));
    this.#send({ kind: 'caught-up', failoverLog: failoverLog.entries, highSeqno, prepares });
  }
}
