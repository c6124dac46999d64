import { type Bucket, connect } from '@cb/promise';
import { type Cluster, type Collection, connect as connectOfficial, DurabilityLevel } from 'couchbase';

/** What the script does, by whichever SDK. Values are numbers; rejections have a `name`. */
export interface Client extends AsyncDisposable {
  get(key: string): Promise<number>;
  upsert(key: string, value: number): Promise<unknown>;
  /** Done when a majority of the copies has it. */
  upsertDurably(key: string, value: number): Promise<unknown>;
}

/** Milliseconds that an operation may take. */
export const TIMEOUT_MS = 2500;

const CREDENTIALS = { username: 'Administrator', password: 'password' };

export class OurClient implements Client {
  readonly #bucket: Bucket;

  private constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  static async connect(connectionString: string): Promise<Client> {
    const options = { ...CREDENTIALS, timeout: TIMEOUT_MS };
    return new OurClient(await connect(`${connectionString}/default`, options));
  }

  async get(key: string): Promise<number> {
    return (await this.#bucket.get(key)).value as number;
  }

  upsert(key: string, value: number): Promise<unknown> {
    return this.#bucket.upsert(key, value);
  }

  upsertDurably(key: string, value: number): Promise<unknown> {
    return this.#bucket.upsert(key, value, { durability: 'majority', timeout: TIMEOUT_MS });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#bucket.close();
  }
}

export class OfficialClient implements Client {
  readonly #cluster: Cluster;
  readonly #collection: Collection;

  private constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#collection = cluster.bucket('default').defaultCollection();
  }

  static async connect(connectionString: string): Promise<Client> {
    return new OfficialClient(await connectOfficial(connectionString, CREDENTIALS));
  }

  async get(key: string): Promise<number> {
    return (await this.#collection.get(key, { timeout: TIMEOUT_MS })).content;
  }

  upsert(key: string, value: number): Promise<unknown> {
    return this.#collection.upsert(key, value, { timeout: TIMEOUT_MS });
  }

  upsertDurably(key: string, value: number): Promise<unknown> {
    const durabilityLevel = DurabilityLevel.Majority;
    return this.#collection.upsert(key, value, { timeout: TIMEOUT_MS, durabilityLevel });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#cluster.close();
  }
}
