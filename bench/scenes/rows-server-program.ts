import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { EmbeddedCluster } from '@cb/embedded';
import { BLOCK_ROWS, ROWS, rowAt } from './rows.js';

/**
 * An embedded cluster whose views, whatever they are, are answered with rows that are made beforehand, byte for byte as
 * the server writes them: its view engine would be slower than a client, and a comparison would show nothing but the
 * engine. `limit` is the number of rows. It serves until its input ends, and no faster than it is read.
 */

/**
 * Rows of one HTTP chunk: the server sends what it has when that is 4,096 bytes or more (couchbase/couchdb,
 * couch_httpd_view_merger.erl).
 */
const CHUNK_ROWS = 30;

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
const REFUSAL = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';
const REQUEST_END = '\r\n\r\n';

const SEPARATOR = ',\r\n';
const FIRST_BLOCK = blockAt(0, `{"total_rows":${ROWS},"rows":[\r\n`);
/** Chunks that are written at once: as many writes as chunks would take longer than to read them. */
const BLOCKS = Array.from({ length: ROWS / BLOCK_ROWS }, (_none, index) => blockAt(index * BLOCK_ROWS, SEPARATOR));

await main();

async function main(): Promise<void> {
  const cluster = await EmbeddedCluster.start({ keepAlive: true });
  const views = createServer((socket) => void serve(socket).catch(ignoreLeaving)).listen(0, '127.0.0.1');
  await once(views, 'listening');
  const { hostname, ports: own } = cluster.nodes[0]!;
  const ports = { ...own, capi: (views.address() as AddressInfo).port };
  cluster.setAlternateAddress(0, { hostname, ports });
  const { connectionString, username, password, bucketNames: buckets } = cluster;
  const place = { connectionString: `${connectionString}?network=external`, username, password, buckets };
  console.log(JSON.stringify({ ...place, ports: [ports] }));
  process.stdin.resume();
  await once(process.stdin, 'end');
  process.exit();
}

/** A client may leave in the middle of an answer: the scene of rows that nobody reads does. */
function ignoreLeaving(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

/** Answers the requests of one connection, one after the other. None has a body. */
async function serve(socket: Socket): Promise<void> {
  let received = '';
  for await (const bytes of socket) {
    received += bytes;
    for (let end = received.indexOf(REQUEST_END); end !== -1; end = received.indexOf(REQUEST_END)) {
      await answer(socket, Number(/[?&]limit=(\d+)/.exec(received.slice(0, end))?.[1]));
      received = received.slice(end + REQUEST_END.length);
    }
  }
}

async function answer(socket: Socket, rows: number): Promise<void> {
  if (!(rows > 0) || rows % BLOCK_ROWS !== 0) {
    socket.write(REFUSAL);
    return;
  }
  socket.write(HEAD);
  for (let row = 0; row < rows; row += BLOCK_ROWS) {
    const block = row === 0 ? FIRST_BLOCK : BLOCKS[(row / BLOCK_ROWS) % BLOCKS.length]!;
    if (!socket.write(block)) await once(socket, 'drain');
  }
  socket.write(`${chunk('\r\n]\r\n}')}${chunk('')}`);
}

/** Chunks of rows from this one on, the first of them after some text. */
function blockAt(first: number, before: string): Buffer {
  const chunks = Array.from({ length: BLOCK_ROWS / CHUNK_ROWS }, (_none, index) => {
    const rows = Array.from({ length: CHUNK_ROWS }, (_row, at) =>
      JSON.stringify(rowAt(first + index * CHUNK_ROWS + at)),
    );
    return chunk((index === 0 ? before : SEPARATOR) + rows.join(SEPARATOR));
  });
  return Buffer.from(chunks.join(''));
}

/** Text with its length before it, as HTTP has it. All of it is ASCII. */
function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}
