import { FrameParser, Magic, ProtocolError } from '@cb/protocol';
import { SeededRandom } from '@cb/raw/simulation';
import type { FuzzOptions, FuzzReport } from './fuzz-report.js';
import { Mutator } from './mutator.js';
import { type Reading, readStream } from './packet-parts.js';
import { validRequests } from './valid-requests.js';

/** Which magics each side reads. */
const SIDES = {
  requests: [Magic.Request, Magic.AltRequest, Magic.ServerResponse],
  responses: [Magic.Response, Magic.AltResponse, Magic.ServerRequest],
} as const;
const PACKETS_MAX = 12;
const VBUCKETS = 4;
const STREAM = 0x1_0000_0000;

/** Streams of mutated packets, whole and cut anywhere: the parser finds what the protocol's document says, every time. */
export function fuzzFrames({ seed, mutations: wanted, donors }: FuzzOptions): Promise<FuzzReport> {
  const random = new SeededRandom(seed + STREAM);
  const mutator = new Mutator(random, donors);
  const pool = donors.length > 0 ? donors : validRequests(random, VBUCKETS).map((make) => make());
  const faults: string[] = [];
  let mutations = 0;
  let calls = 0;
  while (mutations < wanted && faults.length === 0) {
    const packets: Buffer[] = [];
    for (let count = random.between(1, PACKETS_MAX); count > 0; count--, mutations++) {
      packets.push(...mutator.mutate(random.pick(pool)));
    }
    const stream = Buffer.concat(packets);
    for (const side of ['requests', 'responses'] as const) {
      calls++;
      const expected = readStream(stream, SIDES[side]);
      for (const pieces of [[stream], cut(stream, random)]) {
        const fault = difference(expected, parse(pieces, side));
        if (fault !== undefined) faults.push(`${side} in ${pieces.length} pieces: ${fault}: ${stream.toString('hex')}`);
      }
    }
  }
  return Promise.resolve({ seed, mutations, calls, faults });
}

function cut(stream: Buffer, random: SeededRandom): Buffer[] {
  const pieces: Buffer[] = [];
  const most = random.pick([1, 7, 23, 25, 300]);
  for (let at = 0; at < stream.length; ) {
    const end = at + random.between(1, most);
    // The parser may not keep what it is given: the memory is used again.
    pieces.push(Buffer.from(stream.subarray(at, end)));
    at = end;
  }
  return pieces;
}

function parse(pieces: readonly Buffer[], reads: keyof typeof SIDES): Reading {
  const packets: Buffer[] = [];
  const parser = new FrameParser(({ bytes, start, end }) => packets.push(Buffer.from(bytes.subarray(start, end))), {
    reads,
  });
  try {
    for (const piece of pieces) {
      parser.push(piece);
      piece.fill(0xee, 0, pieces.length === 1 ? 0 : piece.length);
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { packets, rest: 'broken' };
  }
  return { packets, rest: parser.carriedBytes > 0 ? 'partial' : 'whole' };
}

function difference(expected: Reading, found: Reading): string | undefined {
  if (expected.packets.length !== found.packets.length) {
    return `${found.packets.length} packets instead of ${expected.packets.length}`;
  }
  const odd = expected.packets.findIndex((packet, index) => !packet.equals(found.packets[index]!));
  if (odd >= 0) return `packet ${odd} is another one`;
  return expected.rest === found.rest ? undefined : `the rest is ${found.rest} instead of ${expected.rest}`;
}
