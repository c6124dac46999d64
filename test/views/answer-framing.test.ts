import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { NetworkError, ProtocolError } from '@cb/protocol';
import { queryAll, queryEx } from '@cb/views';
import { Recorder } from './recorder.js';
import { ServiceBed, viewRows } from './service-bed.js';

/** How HTTP may frame an answer, written by hand: `node:http` writes one way only. */

const ROWS = viewRows(200);
const BODY = `{"total_rows":200,"rows":[\r\n${ROWS.map((row) => JSON.stringify(row)).join(',\r\n')}\r\n]\r\n}`;
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

let server: Server;
let bed: ServiceBed;
let connections: number;
/** What each request is answered with, piece by piece; true at the end closes the connection. */
let answer: readonly (string | true)[];

beforeEach(async () => {
  connections = 0;
  server = createServer((socket) => {
    connections++;
    socket.setNoDelay(true).on('error', () => {});
    socket.on('data', () => void send(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  bed = await ServiceBed.start({ script: () => {}, port: (server.address() as AddressInfo).port });
});

afterEach(async () => {
  await bed[Symbol.asyncDispose]();
  server.close();
});

async function send(socket: Socket): Promise<void> {
  for (const piece of answer) {
    if (piece === true) socket.end();
    else socket.write(piece);
    await pause(10);
  }
}

/** The text in chunks of so many bytes, and the end of a chunked body. */
function chunks(text: string, bytes: number, end = '0\r\n\r\n'): string {
  let framed = '';
  for (let at = 0; at < text.length; at += bytes) {
    const data = text.slice(at, at + bytes);
    framed += `${data.length.toString(16)}\r\n${data}\r\n`;
  }
  return framed + end;
}

/** The text in two pieces. */
function halves(text: string): [string, string] {
  return [text.slice(0, text.length / 2), text.slice(text.length / 2)];
}

test.each<[string, readonly (string | true)[]]>([
  ['chunks in one piece with the head', [CHUNKED + chunks(BODY, 1000)]],
  ['chunks after the head', [CHUNKED, chunks(BODY, 1000)]],
  ['chunks in pieces', [CHUNKED, ...halves(chunks(BODY, 700))]],
  ['small chunks', [CHUNKED, ...halves(chunks(BODY, 7))]],
  ['one chunk', [CHUNKED, ...halves(chunks(BODY, BODY.length))]],
  [
    'extensions and trailers',
    [CHUNKED, chunks(BODY, 999, '0;last\r\nServer-Timing: 1\r\n\r\n').replaceAll('e7\r', 'e7;x=y\r')],
  ],
  ['a head in pieces', [...halves(CHUNKED), chunks(BODY, 1000)]],
  ['an interim answer first', [`HTTP/1.1 103 Early Hints\r\n\r\n${CHUNKED}`, chunks(BODY, 1000)]],
  ['a length', [`HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n`, ...halves(BODY)]],
  ['the end of the connection', [`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n`, ...halves(BODY), true]],
])('%s', async (_what, pieces) => {
  answer = pieces;
  for (let time = 0; time < 3; time++) {
    const rows = await queryAll(bed.bucket, 'd', 'v');
    expect([...rows].map(({ docid, key, value }) => ({ id: docid, key, value }))).toEqual(ROWS);
    expect(rows.indexedRows).toBe(200);
  }
  expect(connections).toBe(pieces.at(-1) === true ? 3 : 1);
});

describe('what is broken is told, after the rows before it', () => {
  const whole = chunks(BODY, 5000, '');

  test.each<[string, readonly (string | true)[], typeof ProtocolError | typeof NetworkError, string]>([
    [
      'a chunk without a size',
      [CHUNKED + whole, 'oops\r\n'],
      ProtocolError,
      'the chunks of the answer are malformed: "o"',
    ],
    ['a connection that ends within a body', [CHUNKED + whole, true], NetworkError, '; 200 rows were delivered'],
    [
      'an answer that ends within a row',
      [CHUNKED + chunks(BODY.slice(0, -30), 5000)],
      ProtocolError,
      'before it was complete',
    ],
  ])('%s', async (_what, pieces, errorClass, message) => {
    answer = pieces;
    const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
    await recorder.ended;
    expect(recorder.received).toBeGreaterThanOrEqual(199);
    expect(recorder.calls.slice(-2)).toEqual(['error', 'done']);
    expect(recorder.failure).toBeInstanceOf(errorClass);
    expect(recorder.failure?.message).toContain(message);
    answer = [CHUNKED + chunks(BODY, 1000)];
    expect(await queryAll(bed.bucket, 'd', 'v')).toHaveLength(200);
  });
});

test('a query that is paused at the end of its answer ends when it goes on', async () => {
  answer = [CHUNKED + chunks(BODY, 1000)];
  const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
  recorder.pause();
  await pause(200);
  expect(recorder.calls).not.toContain('done');
  recorder.resume();
  await recorder.ended;
  expect(recorder.received).toBe(200);
});
