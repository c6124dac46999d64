import { ArgumentError, MutationToken, type MutationTokenLike } from '@cb/raw';
import { describe } from '@cb/raw/internal';

/** The sequence number of a vbucket that a query must have seen, with the uuid of its history. */
interface Position {
  readonly seqno: bigint;
  readonly uuid: bigint;
}

/** The result of a mutation, or a copy of one. */
export interface WithToken {
  /** The mutation token. */
  readonly mutationToken: MutationTokenLike | undefined;
}

/**
 * The mutations that a query must take into account, gathered from their results:
 *
 * const state = new MutationState(await bucket.upsert('a', 1), await bucket.upsert('b', 2));
 * await bucket.n1qlQueryAll(new N1QLQuery('SELECT …', { consistentWith: state }));
 */
export class MutationState {
  readonly #buckets = new Map<string, Map<number, Position>>();

  constructor(...mutations: readonly (WithToken | MutationTokenLike)[]) {
    this.add(...mutations);
  }

  /**
   * Adds mutations.
   * @throws ArgumentError for a result without a mutation token: reads, failed mutations, servers without tokens.
   */
  add(...mutations: readonly (WithToken | MutationTokenLike)[]): this {
    for (const mutation of mutations) {
      const given = 'mutationToken' in Object(mutation) ? (mutation as WithToken).mutationToken : mutation;
      if (given === undefined) throw new ArgumentError(`there is no mutation token in ${describe(mutation)}`);
      const token = MutationToken.from(given);
      const positions = this.#buckets.get(token.bucket) ?? new Map<number, Position>();
      this.#buckets.set(token.bucket, positions);
      const known = positions.get(token.vbucket);
      if (known === undefined || token.seqno > known.seqno) positions.set(token.vbucket, token);
    }
    return this;
  }

  /** Whether nothing was added. */
  get isEmpty(): boolean {
    return this.#buckets.size === 0;
  }

  /** The state for the query service: for each bucket and vbucket, the pair of sequence number and uuid. */
  get scanVectors(): Record<string, Record<string, [seqno: bigint, uuid: string]>> {
    const vectors: Record<string, Record<string, [bigint, string]>> = {};
    for (const [bucket, positions] of this.#buckets) {
      const vector: Record<string, [bigint, string]> = {};
      for (const [vbucket, { seqno, uuid }] of positions) vector[vbucket] = [seqno, String(uuid)];
      vectors[bucket] = vector;
    }
    return vectors;
  }

  /** Returns the state of a bucket for the search service: sequence numbers by `vbucket/uuid`. */
  searchVector(bucket: string): Record<string, bigint> {
    const vector: Record<string, bigint> = {};
    for (const [vbucket, { seqno, uuid }] of this.#buckets.get(bucket) ?? []) vector[`${vbucket}/${uuid}`] = seqno;
    return vector;
  }
}
