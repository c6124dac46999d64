/**
 * Where a mutation stands in the history of its vbucket: what `endure` and consistent queries wait for.
 *
 * The 64-bit numbers are kept as they arrive, in two halves; the bigints are made when asked for, as most tokens are
 * never looked at. Source: kv_engine docs/BinaryProtocol.md, MutationSeqno.
 */
export class MutationToken {
  constructor(
    readonly bucket: string,
    readonly vbucket: number,
    readonly uuidHigh: number,
    readonly uuidLow: number,
    readonly seqnoHigh: number,
    readonly seqnoLow: number,
  ) {}

  /** Names the history of the vbucket; it changes when a failover loses mutations. */
  get uuid(): bigint {
    return joined(this.uuidHigh, this.uuidLow);
  }

  /** Counts the mutations of the vbucket. */
  get seqno(): bigint {
    return joined(this.seqnoHigh, this.seqnoLow);
  }

  /** For JSON, which has no 64-bit numbers: uuid and seqno in decimal digits. */
  toJSON(): { bucket: string; vbucket: number; uuid: string; seqno: string } {
    return { bucket: this.bucket, vbucket: this.vbucket, uuid: String(this.uuid), seqno: String(this.seqno) };
  }
}

function joined(high: number, low: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
