import type { EmbeddedCluster } from '@cb/embedded';
import { type Cas, type Cluster, type Collection, connect } from 'couchbase';

/** The official SDK, connected to a cluster: the client that the embedded server was not written for. */
export class OfficialSdk implements AsyncDisposable {
  readonly cluster: Cluster;
  /** The default collection of the bucket `default`. */
  readonly collection: Collection;

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.collection = cluster.bucket('default').defaultCollection();
  }

  static async connect(cluster: EmbeddedCluster, password = cluster.password): Promise<OfficialSdk> {
    return new OfficialSdk(await connect(cluster.connectionString, { username: cluster.username, password }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.close();
  }
}

/** A CAS of the official SDK as a number. */
export function casNumber(cas: Cas): bigint {
  return BigInt(cas.toString());
}

/** The error that a call of the official SDK rejects with. */
export async function rejection(call: Promise<unknown>): Promise<Error & { readonly context?: unknown }> {
  try {
    await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error('the call succeeded');
}
