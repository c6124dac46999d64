import { type ChildProcess, spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as elapse } from 'node:timers/promises';
import * as tls from 'node:tls';
import { pathToFileURL } from 'node:url';
import { iopsConformance, type PeerListener } from '../../src/conformance.js';
import { EventAction, LCB_WRITE_EVENT } from '../../src/iops/constants.js';
import { IOEvent, TimerEvent } from '../../src/iops/event.js';
import type { IOSocket, SocketTarget, TlsTarget } from '../../src/iops/iops.js';
import { NodeIOPS } from '../../src/iops/node-iops.js';
import { certificate, certificateFile, listen, nodeHarness } from './node-harness.js';

const trusting: TlsTarget = { ca: certificate.cert, verify: true };

class OwnIOEvent extends IOEvent {}
class OwnTimerEvent extends TimerEvent {}

class OwnEventsIOPS extends NodeIOPS {
  ioEventFactory(): IOEvent {
    return new OwnIOEvent();
  }

  timerEventFactory(): TimerEvent {
    return new OwnTimerEvent();
  }
}

/** Connects, and answers the socket at its first readiness. */
function opened(target: SocketTarget): Promise<IOSocket> {
  const iops = new NodeIOPS();
  const event = new IOEvent();
  const socket = iops.openSocket(event, target);
  return new Promise((resolve) => {
    event.handler = { onReady: () => resolve(socket) };
    iops.updateEvent(event, EventAction.Watch, LCB_WRITE_EVENT);
  });
}

/** Gives every name these addresses. */
function resolveNames(...addresses: string[]): void {
  const lookup = (_name: string, _options: unknown, answer: (error: null, all: dns.LookupAddress[]) => void): void =>
    answer(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    );
  jest.spyOn(dns, 'lookup').mockImplementation(lookup as never);
}

let listener: PeerListener;

afterEach(async () => {
  jest.restoreAllMocks();
  await listener?.close();
});

describe('over TCP', () => {
  test.each(iopsConformance)('$name', ({ run }) => run(nodeHarness(new NodeIOPS())));
});

describe('over TLS', () => {
  test.each(iopsConformance)('$name', ({ run }) => run(nodeHarness(new NodeIOPS(), trusting)));
});

describe('with event classes of its own', () => {
  test.each(iopsConformance)('$name', ({ run }) => run(nodeHarness(new OwnEventsIOPS())));
});

describe('a name', () => {
  test('is connected to by the first address that answers', async () => {
    listener = await listen();
    resolveNames('127.0.0.2', '127.0.0.1');
    const socket = await opened({ ...listener.target, host: 'node.example' });
    expect(socket.error).toBeUndefined();
    expect(socket.remoteAddress).toBe(`127.0.0.1:${listener.target.port}`);
    socket.destroy();
  });

  test('fails with the error of its first address when none answers', async () => {
    listener = await listen();
    await listener.close();
    resolveNames('127.0.0.2', '127.0.0.1');
    const { error } = await opened({ ...listener.target, host: 'node.example' });
    expect(error).toMatchObject({ code: 'ECONNREFUSED', message: expect.stringContaining('127.0.0.2') });
  });
});

describe('a certificate', () => {
  async function openedTo(options: TlsTarget, changes: Partial<SocketTarget> = {}): Promise<IOSocket> {
    listener = await listen(options);
    const socket = await opened({ ...listener.target, ...changes });
    socket.destroy();
    return socket;
  }

  test('that is trusted is accepted for an address and for a name', async () => {
    expect((await openedTo(trusting)).error).toBeUndefined();
    await listener.close();
    expect((await openedTo(trusting, { host: 'localhost' })).error).toBeUndefined();
  });

  test('may be trusted by a file', async () => {
    const { error } = await openedTo({ caFile: certificateFile, verify: true });
    expect(error).toBeUndefined();
  });

  test('that is not trusted breaks the connection before it signals readiness', async () => {
    const { error } = await openedTo({ verify: true });
    expect(error).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  test('for another name breaks the connection', async () => {
    listener = await listen(trusting);
    resolveNames('127.0.0.1');
    const { error } = await opened({ ...listener.target, host: 'node.example' });
    expect(error).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  test('is not looked at without verification', async () => {
    const { error } = await openedTo({ verify: false });
    expect(error).toBeUndefined();
  });

  test('of the client is shown to the server', async () => {
    const server = tls.createServer({ ...certificate, requestCert: true, ca: certificate.cert }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const arrival = once(server, 'secureConnection') as Promise<[tls.TLSSocket]>;
    const target = { host: '127.0.0.1', port, keepAliveMs: 0, ref: true, tls: { ...trusting, ...certificate } };
    const socket = await opened(target);
    const [peer] = await arrival;
    expect(peer.getPeerCertificate().subject.CN).toBe('localhost');
    socket.destroy();
    peer.destroy();
    server.close();
  });
});

describe('the process of an idle connection', () => {
  const built = pathToFileURL(join(__dirname, '../../dist/index.js')).href;

  /**
   * Connects, kept alive by a timer as under the core, says so, and has nothing else to do but to wait for the end.
   * Names have a first address that refuses.
   */
  const program = (target: SocketTarget): string => `
    import dns from 'node:dns';
    import { IOEvent, NodeIOPS, TimerEvent } from '${built}';
    dns.lookup = (name, options, answer) =>
      answer(null, ['127.0.0.2', '127.0.0.1'].map((address) => ({ address, family: 4 })));
    const iops = new NodeIOPS();
    const event = new IOEvent();
    const socket = iops.openSocket(event, ${JSON.stringify(target)});
    const timer = new TimerEvent();
    timer.handler = { onReady: () => iops.updateTimer(timer, 1, 10_000) };
    timer.handler.onReady();
    event.handler = {
      onReady() {
        iops.updateTimer(timer, 16, 0);
        if (!socket.ended) iops.updateEvent(event, 1, 2);
        process.stdout.write(socket.error?.message ?? (socket.ended ? ', ended' : 'connected'));
      },
    };
    iops.updateEvent(event, 1, 4);`;

  interface Run {
    readonly child: ChildProcess;
    /** What it wrote, and how it ended. */
    readonly outcome: Promise<{ said: string; code: number | null }>;
    /** Resolves when it said that it is connected, or ended. */
    readonly connected: Promise<unknown>;
  }

  let child: ChildProcess | undefined;

  afterEach(() => child?.kill());

  function run(target: SocketTarget): Run {
    const started = spawn(process.execPath, ['--input-type=module', '--eval', program(target)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    let said = '';
    started.stdout.on('data', (text) => {
      said += text;
    });
    const outcome = once(started, 'close').then(([code]) => ({ said, code: code as number | null }));
    return { child: started, outcome, connected: Promise.race([once(started.stdout, 'data'), outcome]) };
  }

  test.each([
    ['plain', undefined, '127.0.0.1'],
    ['TLS', trusting, '127.0.0.1'],
    ['plain, by a name with two addresses', undefined, 'localhost'],
    ['TLS, by a name with two addresses', trusting, 'localhost'],
  ])('ends by itself without ref: %s', async (_kind, options, host) => {
    listener = await listen(options);
    const { outcome } = run({ ...listener.target, host, ref: false });
    expect(await outcome).toEqual({ said: 'connected', code: 0 });
  });

  test.each([
    ['plain', undefined],
    ['TLS', trusting],
  ])('goes on with ref until the connection ends: %s', async (_kind, options) => {
    listener = await listen(options);
    const { child, connected, outcome } = run({ ...listener.target, ref: true });
    await connected;
    await elapse(300);
    expect(child.exitCode).toBeNull();
    const peer = await listener.accepted();
    peer.end();
    expect(await outcome).toEqual({ said: 'connected, ended', code: 0 });
  });
});
