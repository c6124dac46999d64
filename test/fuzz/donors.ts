import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Magic } from '@cb/protocol';
import type { GoldenExchange } from '../data/golden.js';
import { readStream } from './packet-parts.js';

/** Whole packets of a recording, for each direction. */
export interface Donors {
  readonly requests: readonly Buffer[];
  readonly answers: readonly Buffer[];
}

export const NO_DONORS: Donors = { requests: [], answers: [] };

/** Longer ones take time and show nothing that shorter ones do not. */
const PACKET_BYTES_MAX = 8 * 1024;

/** The packets of a recording, in its order. */
export function readDonors(path: string): Donors {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n');
  const exchanges = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as GoldenExchange);
  return {
    requests: exchanges.flatMap(({ request, requestTruncated }) =>
      requestTruncated === undefined ? packetsIn(request, [Magic.Request, Magic.AltRequest]) : [],
    ),
    answers: exchanges.flatMap(({ responses = [], responseTruncated }) =>
      responseTruncated === true
        ? []
        : responses.flatMap((hex) => packetsIn(hex, [Magic.Response, Magic.AltResponse, Magic.ServerRequest])),
    ),
  };
}

function packetsIn(hex: string, magics: readonly number[]): Buffer[] {
  const { packets } = readStream(Buffer.from(hex, 'hex'), magics);
  return packets.filter((packet) => packet.length <= PACKET_BYTES_MAX);
}
