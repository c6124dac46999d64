import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type Failure, type Findings, sendAnswer } from '../../src/views/answer.js';

/** Findings of many rows, which count how many of them were taken. */
class Rows implements Findings {
  readonly debugInfo = undefined;
  readonly totalRows: number;
  readonly failures: Failure[] = [];
  taken = 0;
  isOver = false;

  constructor(count: number) {
    this.totalRows = count;
  }

  async *rows(): AsyncGenerator<string> {
    try {
      while (this.taken < this.totalRows) yield `{"id":"${this.taken++}","key":"${'k'.repeat(1000)}","value":null}`;
    } finally {
      this.isOver = true;
    }
  }
}

let server: Server;
let findings: Findings;

beforeAll(async () => {
  server = createServer((_request, response) => void sendAnswer(response, findings, false));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => server.close());

function port(): number {
  return (server.address() as AddressInfo).port;
}

async function asked(): Promise<Socket> {
  const socket = connect(port(), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(socket, 'readable');
  return socket;
}

test('an answer of any length comes whole', async () => {
  const rows = new Rows(20_000);
  findings = rows;
  const response = await fetch(`http://127.0.0.1:${port()}/`);
  const answer = (await response.json()) as { rows: { id: string }[] };
  expect(answer.rows.map(({ id }) => id)).toEqual(Array.from({ length: 20_000 }, (_, index) => String(index)));
  expect(rows.isOver).toBe(true);
});

test('rows are taken no faster than they are read', async () => {
  const rows = new Rows(200_000);
  findings = rows;
  const socket = await asked();
  const taken = await settled(() => rows.taken);
  // What the buffers of the two sockets hold, not the two hundred megabytes that there are.
  expect(taken).toBeLessThan(50_000);
  for (let chunks = 0; chunks < 200; chunks++) {
    if (socket.read() === null) await once(socket, 'readable');
  }
  expect(await settled(() => rows.taken)).toBeGreaterThan(taken);
  socket.destroy();
});

test('no more rows are taken when nobody reads any more', async () => {
  const rows = new Rows(200_000);
  findings = rows;
  const socket = await asked();
  await settled(() => rows.taken);
  socket.destroy();
  while (!rows.isOver) await setTimeout(5);
  expect(rows.taken).toBeLessThan(50_000);
});

test('errors come after the rows, in the lines of the server', async () => {
  const rows = new Rows(0);
  rows.failures.push({ from: 'local', reason: 'one' }, { from: 'there', reason: 'two' });
  findings = rows;
  const response = await fetch(`http://127.0.0.1:${port()}/`);
  expect(await response.text()).toBe(
    '{"total_rows":0,"rows":[\r\n],\r\n"errors":[\r\n{"from":"local","reason":"one"},\r\n{"from":"there","reason":"two"}\r\n]\r\n}',
  );
});

/** The value, when it has been the same for a while. */
async function settled(value: () => number): Promise<number> {
  for (;;) {
    const before = value();
    await setTimeout(100);
    if (value() === before) return before;
  }
}
