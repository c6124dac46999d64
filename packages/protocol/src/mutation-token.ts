import { ArgumentError } from './errors/client-errors.js';

const U64_MAX = 0xffffffffffffffffn;

/** A mutation token, a copy of it, or its JSON. */
export type MutationTokenLike = MutationToken | MutationTokenFields;

/** The fields of a mutation token; in JSON, which has no 64-bit numbers, uuid and seqno are decimal digits. */
export interface MutationTokenFields {
  /** The name of the bucket. */
  readonly bucket: string;
  /** The vbucket of the document. */
  readonly vbucket: number;
  /** The history of the vbucket that the sequence number counts in. */
  readonly uuid: bigint | string;
  /** The sequence number of the mutation. */
  readonly seqno: bigint | string;
}

/**
 * The position of a mutation in the history of its vbucket, for which `endure` and consistent queries wait. Source:
 * kv_engine docs/BinaryProtocol.md, MutationSeqno.
 */
export class MutationToken {
  /** The name of the bucket. */
  readonly bucket: string;
  /** The vbucket of the document. */
  readonly vbucket: number;
  /** The id of the vbucket's history; it changes when a failover loses mutations. */
  readonly uuid: bigint;
  /** The sequence number of the mutation in the vbucket. */
  readonly seqno: bigint;

  constructor(bucket: string, vbucket: number, uuid: bigint, seqno: bigint) {
    this.bucket = bucket;
    this.vbucket = vbucket;
    this.uuid = uuid;
    this.seqno = seqno;
  }

  /**
   * Returns the token that was given, or that of a copy: spread, cloned, sent to a worker, or read from JSON.
   * @param name the argument, for the message.
   * @throws ArgumentError for anything else.
   */
  static from(given: unknown, name = 'token'): MutationToken {
    if (given instanceof MutationToken) return given;
    if (typeof given === 'object' && given !== null) {
      const { bucket, vbucket, uuid, seqno } = given as Readonly<Record<string, unknown>>;
      const [uuidNumber, seqnoNumber] = [unsigned(uuid), unsigned(seqno)];
      const isPlaced = typeof bucket === 'string' && Number.isInteger(vbucket) && (vbucket as number) >>> 16 === 0;
      if (isPlaced && uuidNumber !== undefined && seqnoNumber !== undefined) {
        return new MutationToken(bucket, vbucket as number, uuidNumber, seqnoNumber);
      }
    }
    throw new ArgumentError(`${name} must be a mutation token, as mutations return it, or a copy of one`);
  }

  /** Returns the token for JSON, which does not have 64-bit numbers: uuid and seqno are decimal digits. */
  toJSON(): { bucket: string; vbucket: number; uuid: string; seqno: string } {
    return { bucket: this.bucket, vbucket: this.vbucket, uuid: String(this.uuid), seqno: String(this.seqno) };
  }
}

function unsigned(given: unknown): bigint | undefined {
  if (typeof given !== 'bigint' && !(typeof given === 'string' && /^\d{1,20}$/.test(given))) return undefined;
  const number = BigInt(given);
  return number >= 0n && number <= U64_MAX ? number : undefined;
}
