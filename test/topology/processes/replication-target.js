// The replica's end of a replication stream.
import { duplicate } from '../../../packages/embedded/src/store/document.js';
import { SyncWrite } from '../../../packages/embedded/src/store/sync-write.js';

/** Does to a replica what the active's end, in another process, says, and answers each prepare when the replica has it. */
export class ReplicationTarget {
  #vbucket;
  #send;

  constructor(vbucket, send) {
    this.#vbucket = vbucket;
    this.#send = send;
  }

  /** How far the replica is, and in which history. */
  get position() {
    const { failoverLog, highSeqno } = this.#vbucket;
    const { uuidHigh, uuidLow } = failoverLog.latest;
    return { uuidHigh, uuidLow, highSeqno };
  }

  /** The replica stays as it is. */
  stop() {}

  receive(item) {
    const vbucket = this.#vbucket;
    switch (item.kind) {
      case 'mutation':
        vbucket.replicate(duplicate(item.document));
        break;
      case 'prepare':
        this.#hold(item.prepare);
        break;
      case 'abort':
        vbucket.syncWrites.forget(item.collection, item.key);
        vbucket.advanceTo(item.seqno);
        break;
      case 'drop':
        vbucket.dropCollectionAt(item.collection, item.seqno);
        break;
      case 'advance':
        vbucket.advanceTo(item.seqno);
        break;
      case 'reset':
        vbucket.reset();
        break;
      case 'caught-up':
        vbucket.syncWrites.keepOnly(item.prepares);
        vbucket.failoverLog.replace(item.failoverLog);
        vbucket.advanceTo(item.highSeqno);
        for (const prepare of item.prepares) this.#hold(prepare);
        break;
    }
  }

  /** Nodes have no lag of persistence, so what is held is also "on disk", whatever the level. */
  #hold({ draft, level, seqno }) {
    this.#vbucket.syncWrites.hold(new SyncWrite(duplicate(draft), level, seqno));
    this.#send({ seqno });
  }
}
