import { ArgumentError, describe, MutationToken, type OperationResult } from '@cb/raw';

/** The newest sequence number of a vbucket that must be seen, in the history of that uuid. */
interface Position {
  readonly seqno: bigint;
  readonly uuid: bigint;
}

/**
 * Mutations that a query must take into account, gathered from the results of the mutations:
 *
 *   const state = new MutationState(await bucket.upsert('a', 1), await bucket.upsert('b', 2));
 *   await bucket.n1qlQueryAll(new N1QLQuery('SELECT …', { consistentWith: state }));
 */
export class MutationState {
  readonly #buckets = new Map<string, Map<number, Position>>();

  constructor(...mutations: readonly (OperationResult | MutationToken)[]) {
    this.add(...mutations);
  }

  /** @throws ArgumentError for what has no mutation token: reads, failed mutations, servers without tokens. */
  add(...mutations: readonly (OperationResult | MutationToken)[]): this {
    for (const mutation of mutations) {
      const token = mutation instanceof MutationToken ? mutation : mutation?.mutationToken;
      if (token === undefined) throw new ArgumentError(`there is no mutation token in ${describe(mutation)}`);
      const positions = this.#buckets.get(token.bucket) ?? new Map<number, Position>();
      this.#buckets.set(token.bucket, positions);
      const known = positions.get(token.vbucket);
      if (known === undefined || token.seqno > known.seqno) positions.set(token.vbucket, token);
    }
    return this;
  }

  get isEmpty(): boolean {
    return this.#buckets.size === 0;
  }

  /** For the query service: bucket, vbucket, and the pair of sequence number and uuid. */
  get scanVectors(): Record<string, Record<string, [seqno: bigint, uuid: string]>> {
    const vectors: Record<string, Record<string, [bigint, string]>> = {};
    for (const [bucket, positions] of this.#buckets) {
      const vector: Record<string, [bigint, string]> = {};
      for (const [vbucket, { seqno, uuid }] of positions) vector[vbucket] = [seqno, String(uuid)];
      vectors[bucket] = vector;
    }
    return vectors;
  }

  /** For the search service: `vbucket/uuid`, and the sequence number, of one bucket. */
  searchVector(bucket: string): Record<string, bigint> {
    const vector: Record<string, bigint> = {};
    for (const [vbucket, { seqno, uuid }] of this.#buckets.get(bucket) ?? []) vector[`${vbucket}/${uuid}`] = seqno;
    return vector;
  }
}
