import { LCB_READ_EVENT, LCB_RW_EVENT, LCB_WRITE_EVENT } from '../iops/constants.js';
import { IOEvent, TimerEvent } from '../iops/event.js';
import type { SocketTarget } from '../iops/iops.js';
import { type Bench, check, checkBytes, conformanceCase, pattern } from './bench.js';
import type { ConformanceCase } from './harness.js';
import type { SocketProbe } from './socket-probe.js';

/** A target without a listener. */
async function refusingTarget(bench: Bench): Promise<SocketTarget> {
  const listener = await bench.listen();
  await bench.outcome(listener.close(), 'the harness stops listening');
  return listener.target;
}

function checkRefused({ socket }: SocketProbe): void {
  check(socket.error !== undefined, 'a refused connection left `socket.error` unset');
  check(socket.error.message.length > 0, 'a refused connection left an error without a message');
  check(socket.ended, 'a refused connection left `socket.ended` false');
}

/** How sockets are opened, told apart and closed. */
export const connectingCases: readonly ConformanceCase[] = [
  conformanceCase('opening a socket ties it to its event', async (bench) => {
    const { target } = await bench.listen();
    check(new IOEvent().fileno() === -1, 'an event has a fileno before it has a socket');
    const { event, socket } = bench.open(target);
    check(event.socket === socket, 'openSocket left `event.socket` unset');
    check(Number.isInteger(socket.fileno) && socket.fileno >= 0, `${socket.fileno} is not a fileno`);
    check(event.fileno() === socket.fileno, 'the event does not have the fileno of its socket');
    check(!socket.ended && socket.error === undefined, 'a socket that connects is already over');
    check(socket.recv() === undefined, 'a socket that connects has something to receive');
  }),

  conformanceCase('write readiness means connected', async (bench) => {
    const { target, accepted } = await bench.listen();
    const probe = bench.open(target);
    const { socket } = probe;
    const flags = await probe.ready(LCB_RW_EVENT, 'write readiness');
    check(flags === LCB_WRITE_EVENT, `readiness ${flags} instead of ${LCB_WRITE_EVENT} on connecting`);
    check(socket.error === undefined && !socket.ended, 'write readiness came without a connection');
    check(socket.remoteAddress?.endsWith(`:${target.port}`) === true, `remoteAddress is ${socket.remoteAddress}`);
    check(/:\d+$/.test(socket.localAddress ?? ''), `localAddress is ${socket.localAddress}`);
    probe.send(pattern(10));
    const peer = await bench.outcome(accepted(), 'the connection arrives at the peer');
    checkBytes(await bench.outcome(peer.received(10), 'the peer receives'), pattern(10), 'received by the peer');
  }),

  conformanceCase('a connection made while nothing was watched is signalled later', async (bench) => {
    const { target, accepted } = await bench.listen();
    const probe = bench.open(target);
    await bench.outcome(accepted(), 'the connection arrives at the peer');
    await bench.quiet();
    check(probe.deliveries.length === 0, 'readiness was delivered while nothing was watched');
    await probe.writable();
  }),

  conformanceCase('a refused connection shows as readiness with the error', async (bench) => {
    const target = await refusingTarget(bench);
    for (const flags of [LCB_WRITE_EVENT, LCB_READ_EVENT, LCB_RW_EVENT]) {
      const probe = bench.open(target);
      const delivered = await probe.ready(flags, `readiness for ${flags} on a refused connection`);
      check(delivered === flags, `readiness ${delivered} instead of ${flags} on a refused connection`);
      checkRefused(probe);
      check(probe.recv() === undefined, 'a refused connection has something to receive');
    }
  }),

  conformanceCase('a connection refused while nothing was watched is signalled later', async (bench) => {
    const probe = bench.open(await refusingTarget(bench));
    await bench.until(() => probe.socket.ended, 'the socket ends');
    check(probe.deliveries.length === 0, 'readiness was delivered while nothing was watched');
    await probe.ready(LCB_WRITE_EVENT, 'readiness for a watch after the refusal');
    checkRefused(probe);
  }),

  conformanceCase('open sockets have filenos of their own', async (bench) => {
    const { target } = await bench.listen();
    const probes = Array.from({ length: 8 }, () => bench.open(target));
    for (const probe of probes) await probe.writable();
    check(new Set(probes.map(({ socket }) => socket.fileno)).size === 8, 'two open sockets share a fileno');
  }),

  conformanceCase('keep-alive and ref are accepted in every combination', async (bench) => {
    for (const keepAliveMs of [0, 60_000]) {
      for (const ref of [true, false]) {
        const { probe, peer } = await bench.connect({ keepAliveMs, ref });
        await bench.outcome(peer.send(pattern(10)), 'the peer sends');
        checkBytes(await probe.read(10), pattern(10), `received with keepAliveMs ${keepAliveMs} and ref ${ref}`);
      }
    }
  }),

  conformanceCase('sockets do not disturb each other', async (bench) => {
    const listener = await bench.listen();
    const one = await bench.connect({}, listener);
    const other = await bench.connect({}, listener);
    other.probe.watch(LCB_READ_EVENT);
    await bench.outcome(one.peer.send(pattern(100, 0)), 'one peer sends');
    checkBytes(await one.probe.read(100), pattern(100, 0), 'received on one socket');
    check(other.probe.deliveries.length === 0, 'readiness was delivered to the other socket');
    check(other.probe.recv() === undefined, 'bytes for one socket were received on the other');
    one.probe.destroy();
    await bench.outcome(other.peer.send(pattern(100, 100)), 'the other peer sends');
    checkBytes(await other.probe.read(100), pattern(100, 100), 'received after one socket was destroyed');
  }),

  conformanceCase('a destroyed socket is silent', async (bench) => {
    const { probe, peer } = await bench.connect();
    await bench.outcome(peer.send(pattern(100)), 'the peer sends');
    await bench.quiet();
    probe.watch(LCB_RW_EVENT);
    probe.destroy();
    const refusal = peer.received(1).then(
      () => 'received',
      () => 'over',
    );
    const outcome = await bench.outcome(refusal, 'the peer sees that the socket is closed');
    check(outcome === 'over', 'a destroyed socket sent something');
    await bench.quiet();
    check(probe.deliveries.length === 0, 'readiness was delivered after destroy');
    probe.watch(LCB_RW_EVENT);
    await bench.quiet();
    check(probe.deliveries.length === 0, 'a watch after destroy was answered');
    probe.destroy();
  }),

  conformanceCase('a socket destroyed while it connects is silent', async (bench) => {
    const { target } = await bench.listen();
    for (const place of [target, await refusingTarget(bench)]) {
      const probe = bench.open(place);
      probe.watch(LCB_RW_EVENT);
      probe.destroy();
      await bench.quiet();
      check(probe.deliveries.length === 0, 'readiness was delivered after destroy');
    }
  }),

  conformanceCase('a socket can be destroyed inside its handler', async (bench) => {
    const { probe, peer } = await bench.connect();
    probe.reaction = () => {
      probe.recv();
      probe.watch(LCB_RW_EVENT);
      probe.destroy();
    };
    probe.watch(LCB_READ_EVENT);
    await bench.outcome(
      peer.send(pattern(100_000)).catch(() => {}),
      'the peer sends or sees the end',
    );
    await bench.until(() => probe.deliveries.length > 0, 'read readiness');
    await bench.quiet();
    check(probe.deliveries.length === 1, 'readiness was delivered after destroy');
  }),

  conformanceCase('the events that an IOPS makes are new ones of their kind', async ({ iops }) => {
    const [one, two] = [iops.ioEventFactory?.(), iops.ioEventFactory?.()];
    if (one !== undefined) {
      check(one instanceof IOEvent, 'ioEventFactory made something that is not an IOEvent');
      check(one !== two, 'ioEventFactory made the same event twice');
      check(one.state === 'initialized' && one.fileno() === -1, 'ioEventFactory made an event that is in use');
    }
    const [first, second] = [iops.timerEventFactory?.(), iops.timerEventFactory?.()];
    if (first !== undefined) {
      check(first instanceof TimerEvent, 'timerEventFactory made something that is not a TimerEvent');
      check(first !== second, 'timerEventFactory made the same event twice');
      check(first.state === 'initialized', 'timerEventFactory made an event that is in use');
    }
  }),
];
