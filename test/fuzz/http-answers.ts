import type { SeededRandom } from '@cb/raw/simulation';
import { mutateJson } from './json-mutation.js';

/** What a service answers, as bytes of HTTP, and what becomes of the connection then. */
export interface HttpAnswer {
  readonly bytes: Buffer;
  readonly fate: 'kept' | 'ended' | 'broken';
}

const STATUSES = [100, 101, 200, 201, 204, 206, 301, 304, 400, 401, 404, 409, 500, 503, 599, 999] as const;
const CHUNK_SIZES = ['0', '-1', 'ffffffff', 'fffffffffffffffff', 'zz', '', '5;name=value', '00000005'] as const;
const LENGTHS = ['0', '1', '-1', '99999999999999999999', 'many', '5, 6'] as const;
const ROWS_MAX = 40;
const CHUNK_BYTES = 200;

/** A right answer of a service that is asked at such a path. */
export function rightBody(path: string, random: SeededRandom): string {
  const count = random.between(0, ROWS_MAX);
  const rows = Array.from({ length: count }, (_none, index) => ({
    id: `id-${index}`,
    key: random.pick([index, [index, 'a'], `key-"${index}\\`, null]),
    value: random.pick([null, { n: index }, 'x'.repeat(30), [[], {}]]),
  }));
  if (path.startsWith('/query')) {
    const metrics = { elapsedTime: '1ms', executionTime: '1ms', resultCount: count, resultSize: 100 };
    return JSON.stringify({ requestID: 'r', signature: { '*': '*' }, results: rows, status: 'success', metrics });
  }
  if (path.startsWith('/api/')) {
    const hits = rows.map(({ id, value }) => ({ index: 'i', id, score: 0.5, fields: value }));
    return JSON.stringify({ status: { total: 1, failed: 0, successful: 1 }, hits, total_hits: count, facets: {} });
  }
  const errors = random.chance(0.2) ? { errors: [{ from: 'node-1', reason: 'a reason' }] } : {};
  return JSON.stringify({ total_rows: count, rows, ...errors });
}

/** The answer as a server sends it. */
export function rightAnswer(body: string, random: SeededRandom): HttpAnswer {
  const bytes = Buffer.from(body);
  const isChunked = random.chance(0.7);
  const framed = isChunked ? chunked(bytes) : bytes;
  return { bytes: Buffer.concat([head(200, isChunked ? undefined : String(bytes.length)), framed]), fate: 'kept' };
}

/** One that no server should send. */
export function wrongAnswer(body: string, random: SeededRandom): HttpAnswer {
  const dice = random.between(1, 100);
  if (dice <= 40) return rightAnswer(mutateJson(body, random) ?? body, random);
  if (dice <= 60) return rightAnswer(damaged(body, random), random);
  if (dice <= 85) return misframed(body, random);
  const { bytes } = rightAnswer(body, random);
  if (dice <= 95) {
    return {
      bytes: bytes.subarray(0, random.between(0, bytes.length)),
      fate: random.pick(['kept', 'ended', 'broken']),
    };
  }
  const copy = Buffer.from(bytes);
  copy[random.between(0, copy.length - 1)] = random.between(0, 255);
  return { bytes: copy, fate: random.pick(['kept', 'ended']) };
}

/** The text with something of it left out, repeated, or written over. */
function damaged(body: string, random: SeededRandom): string {
  const at = random.between(0, body.length);
  const length = random.between(1, 30);
  switch (random.between(0, 3)) {
    case 0:
      return body.slice(0, at) + body.slice(at + length);
    case 1:
      return body.slice(0, at) + body.slice(at, at + length) + body.slice(at);
    case 2:
      return (
        body.slice(0, at) + random.pick(['\0', '"', '\\', ']}', '{"rows":[', '\ud83d', '\ufeff', '[']) + body.slice(at)
      );
    default:
      return random.pick(['', 'null', '[]', '0', '{"rows":null}', '{"rows":{}}', '<html></html>', body + body]);
  }
}

function misframed(body: string, random: SeededRandom): HttpAnswer {
  const bytes = Buffer.from(body);
  const fate = random.pick(['kept', 'kept', 'ended', 'broken'] as const);
  switch (random.between(0, 4)) {
    case 0:
      return { bytes: Buffer.concat([head(random.pick(STATUSES), undefined), chunked(bytes)]), fate };
    case 1:
      return { bytes: Buffer.concat([head(200, random.pick(LENGTHS)), bytes]), fate };
    case 2: {
      const framed = chunked(bytes).toString('latin1');
      const wrong = framed.replace(/^[0-9a-f]+/, random.pick(CHUNK_SIZES));
      return { bytes: Buffer.concat([head(200, undefined), Buffer.from(wrong, 'latin1')]), fate };
    }
    case 3:
      return {
        bytes: Buffer.concat([head(200, undefined, `X-Long: ${'x'.repeat(20_000)}\r\n`), chunked(bytes)]),
        fate,
      };
    default:
      return {
        bytes: Buffer.concat([random.bytes(random.between(0, 40)), head(200, undefined), chunked(bytes)]),
        fate,
      };
  }
}

/** @param length undefined for a body in chunks */
function head(status: number, length: string | undefined, more = ''): Buffer {
  const framing = length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
  return Buffer.from(
    `HTTP/1.1 ${status} Words\r\nContent-Type: application/json\r\n${more}${framing}\r\n\r\n`,
    'latin1',
  );
}

function chunked(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const piece = bytes.subarray(at, at + CHUNK_BYTES);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}
