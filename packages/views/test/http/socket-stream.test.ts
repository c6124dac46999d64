import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { NetworkError, NodeIOPS } from '@cb/raw';
import { SocketStream } from '../../src/http/socket-stream.js';

let server: Server;
let onConnection: (socket: Socket) => void;

beforeEach(async () => {
  server = createServer((socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.close();
});

function open(port = (server.address() as AddressInfo).port, connectTimeoutMs = 5000): SocketStream {
  return new SocketStream(new NodeIOPS(), { host: '127.0.0.1', port, keepAliveMs: 0, ref: true }, connectTimeoutMs);
}

test('what is written comes back, however much it is', async () => {
  onConnection = (socket) => void socket.pipe(socket);
  const stream = open();
  const block = Buffer.from(Array.from({ length: 100_000 }, (_none, index) => index % 251));
  const blocks = 100;
  let received = 0;
  const reading = (async () => {
    for await (const chunk of stream) {
      for (const byte of chunk as Buffer)
        if (byte !== (received++ % block.length) % 251) throw new Error(`at ${received}`);
      if (received === blocks * block.length) return;
    }
  })();
  for (let count = 0; count < blocks; count++) if (!stream.write(block)) await once(stream, 'drain');
  await reading;
  expect(received).toBe(blocks * block.length);
  stream.destroy();
});

test('who does not read makes the far end wait', async () => {
  let written = 0;
  onConnection = async (socket) => {
    while (!socket.destroyed && written < 50_000_000) {
      written += 65_536;
      if (!socket.write(Buffer.alloc(65_536))) await once(socket, 'drain').catch(() => {});
    }
  };
  const stream = open();
  await once(stream, 'connect');
  let before = -1;
  while (before !== written) {
    before = written;
    await pause(200);
  }
  expect(written).toBeLessThan(20_000_000);
  stream.resume();
  while (written === before) await pause(10);
  stream.destroy();
});

test('the far end’s end is the end', async () => {
  onConnection = (socket) => void socket.end('bye');
  const stream = open();
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(String(chunk));
  expect(chunks).toEqual(['bye']);
  expect(stream.connected).toBe(true);
});

test('a port that nobody listens at', async () => {
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const stream = open(port);
  const [error] = await once(stream, 'error');
  expect(error).toBeInstanceOf(NetworkError);
  expect(error.message).toMatch(/^127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  expect(stream.connected).toBe(false);
});

test('a connection that breaks', async () => {
  onConnection = (socket) => void socket.resetAndDestroy();
  const stream = open();
  stream.resume();
  const [error] = await once(stream, 'error');
  expect(error).toBeInstanceOf(NetworkError);
});

test('destroying it before it is connected is silent', async () => {
  onConnection = () => {};
  const stream = open();
  stream.destroy();
  await once(stream, 'close');
  await pause(50);
  expect(stream.connected).toBe(false);
});

test('a connection that nobody uses is closed, unless somebody comes', async () => {
  onConnection = (socket) => void socket.resume();
  const stream = open();
  await once(stream, 'connect');
  stream.serverIdleMs = 600;
  stream.rest(4500);
  stream.ref();
  await pause(200);
  expect(stream.destroyed).toBe(false);
  stream.rest(4500);
  await once(stream, 'close');
});

describe('a body that is diverted', () => {
  const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

  /** Answers each request with these texts, each sent on its own. */
  function answering(...texts: readonly string[]): void {
    onConnection = (socket) => {
      socket.setNoDelay(true);
      socket.on('data', async () => {
        for (const text of texts) {
          socket.write(text);
          await pause(20);
        }
      });
    };
  }

  /** What the stream has and what a reader has that takes all up to a `!`, for as many requests. */
  async function exchanges(count: number): Promise<{ stream: string; body: string; diverted: boolean[] }> {
    const stream = open();
    const seen = { stream: '', body: '', diverted: [] as boolean[] };
    let ends = 0;
    let ended = (): void => {};
    const take = (bytes: Buffer): Buffer | undefined => {
      const text = String(bytes);
      const end = text.indexOf('!');
      seen.body += end === -1 ? text : text.slice(0, end);
      return end === -1 ? undefined : Buffer.from(text.slice(end));
    };
    stream.on('data', (bytes) => {
      const text = String(bytes);
      seen.stream += text;
      if (seen.stream.endsWith(head)) seen.diverted.push(stream.divert({ take }));
      ends += text.split('!').length - 1;
      if (ends > 0) ended();
    });
    for (let request = 0; request < count; request++) {
      ends = 0;
      const answered = new Promise<void>((resolve) => {
        ended = resolve;
      });
      stream.write('GET');
      await answered;
    }
    stream.destroy();
    return seen;
  }

  test.each([
    ['with the head', [`${head}body!`]],
    ['after the head', [head, 'body!']],
    ['in pieces', [`${head}bo`, 'd', 'y!']],
  ])('%s', async (_what, texts) => {
    answering(...texts);
    const seen = await exchanges(2);
    expect(seen).toEqual({ stream: `${head}!${head}!`, body: 'bodybody', diverted: [true, true] });
  });

  test.each([1, 20, ...[1, 2, 3, 4].map((fromEnd) => head.length - fromEnd)])(
    'with a head that is cut after %d bytes',
    async (cut) => {
      answering(head.slice(0, cut), `${head.slice(cut)}body!`);
      const seen = await exchanges(2);
      expect(seen).toEqual({ stream: `${head}!${head}!`, body: 'bodybody', diverted: [true, true] });
    },
  );

  test('with a head that comes byte by byte', async () => {
    answering(...head, 'body!');
    expect(await exchanges(1)).toEqual({ stream: `${head}!`, body: 'body', diverted: [true] });
  });

  test('is held back and goes on', async () => {
    let written = 0;
    onConnection = (socket) => {
      socket.on('data', async () => {
        socket.write(head);
        while (!socket.destroyed && written < 50_000_000) {
          written += 65_536;
          if (!socket.write(Buffer.alloc(65_536))) await once(socket, 'drain').catch(() => {});
        }
      });
    };
    const stream = open();
    let received = 0;
    stream.once('data', () => {
      stream.divert({
        take: (bytes) => {
          received += bytes.length;
          return undefined;
        },
      });
      stream.holdBody(true);
    });
    stream.write('GET');
    let before = -1;
    while (before !== written || written === 0) {
      before = written;
      await pause(200);
    }
    expect(written).toBeLessThan(20_000_000);
    stream.holdBody(false);
    while (received <= before) await pause(10);
    stream.destroy();
  });

  test('breaks the stream when its reader throws', async () => {
    answering(`${head}body!`);
    const stream = open();
    const broken = new Error('broken');
    stream.once('data', () => {
      stream.divert({
        take: () => {
          throw broken;
        },
      });
    });
    stream.write('GET');
    expect(await once(stream, 'error')).toEqual([broken]);
    expect(stream.destroyed).toBe(true);
  });
});
