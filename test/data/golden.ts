import { readSharedData, sharedData } from './shared-data.js';

/** Where the recorded exchanges with a real 7.2.4 server are; undefined where they are missing. */
export const goldenPath = sharedData('golden/kv-engine-7.2.jsonl.gz');

/** One recorded request and what came back. */
export interface GoldenExchange {
  readonly name: string;
  readonly group: string;
  readonly note?: string;
  /** Exchanges of one connection happened in this order on one socket. */
  readonly conn: number | string;
  /** The state of the session before the request. */
  readonly user: string | null;
  readonly bucket: string | null;
  /** HELLO codes that were agreed. */
  readonly features: readonly number[];
  /** The bytes sent, in hex; several packets may be joined. */
  readonly request: string;
  /** The real length in bytes, when only the first 64 are kept. */
  readonly requestTruncated?: number;
  /** The packets received, in hex; absent when the answer is held out. */
  readonly responses?: readonly string[];
  readonly responseTruncated?: boolean;
  /** The server closed the connection afterwards. */
  readonly closed?: boolean;
  /** The time for collecting responses ran out. */
  readonly timeout?: boolean;
  /** Byte ranges that differ from run to run, as `r0.cas`. */
  readonly vary?: readonly string[];
  /** The request must be sent, and its answer is not given. */
  readonly heldOut?: boolean;
}

/** All exchanges of a recording, in order; none where it is missing. */
export function readGolden(path: string | undefined = goldenPath): GoldenExchange[] {
  if (path === undefined) return [];
  const lines = readSharedData(path).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as GoldenExchange);
}
