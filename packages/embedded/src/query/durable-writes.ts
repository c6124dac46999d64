import { Status } from '@cb/protocol';
import type { MutationFault } from '@cb/sqlpp';
import type { Document } from '../store/document.js';
import type { Vbucket } from '../store/vbucket.js';
import type { QueryError } from './query-fault.js';
import type { Durability } from './query-request.js';

const CODE_MUTATION = 12009;
const CODE_MEMCACHED = 12034;

/** The durable writes of one request. What they change is seen when enough nodes have it; the answer waits for that. */
export class DurableWrites {
  readonly #durability: Durability;
  readonly #pending: Promise<void>[] = [];
  readonly #lost: string[] = [];

  constructor(durability: Durability) {
    this.#durability = durability;
  }

  /** Returns why nothing durable can be written. */
  refusal({ syncWrites }: Vbucket): MutationFault | undefined {
    return syncWrites.isPossible ? undefined : { kind: 'failed', message: 'durability is impossible: too few nodes' };
  }

  /** Begins to write a draft that nothing speaks against. */
  write(vbucket: Vbucket, draft: Document, id: string): Document {
    const { level, timeoutMs } = this.#durability;
    const write = vbucket.syncWrites.prepare(draft, level, timeoutMs);
    if (write.status !== undefined) return draft;
    const ended = new Promise<void>((resolve) => {
      write.onEnd = (status) => {
        if (status !== Status.Success) this.#lost.push(id);
        resolve();
      };
    });
    this.#pending.push(ended);
    return draft;
  }

  /** Resolves when all writes are over, with the errors of those that may not have taken effect. */
  async settled(): Promise<QueryError[]> {
    await Promise.all(this.#pending);
    return this.#lost.map((id) => ({
      code: CODE_MUTATION,
      msg: `DML Error, possible causes include concurrent modification. Failed to perform a durable write on key ${id}`,
      reason: {
        code: CODE_MEMCACHED,
        key: 'datastore.couchbase.mc_error',
        message: 'MC error durability is ambiguous',
      },
    }));
  }
}
