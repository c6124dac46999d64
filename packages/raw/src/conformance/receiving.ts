import { LCB_READ_EVENT, LCB_RW_EVENT, LCB_WRITE_EVENT } from '../iops/constants.js';
import { type Bench, check, checkBytes, conformanceCase, pattern } from './bench.js';
import type { ConformanceCase, Peer } from './harness.js';
import type { SocketProbe } from './socket-probe.js';

/** A peer that is stuck for so many times so long is: a busy machine may take all of one, and not of all of them. */
const STUCK_TIMES = 40;
const STUCK_MS = 5;
/** Far longer than it takes bytes to get to the other end of a connection on one machine. */
const LATE_MS = 20;

/** Has the peer send more than the network holds, and reads it only after the peer got stuck. */
async function checkBackpressure(bench: Bench, probe: SocketProbe, peer: Peer): Promise<void> {
  const bytes = pattern(bench.unreadBytesMax);
  const before = probe.deliveries.length;
  let taken = false;
  const sent = peer.send(bytes).then(() => {
    taken = true;
  });
  for (let times = 0; times < STUCK_TIMES && !taken; times++) await bench.elapse(STUCK_MS);
  check(!taken, `${bytes.length} bytes were taken from the peer though nobody receives them`);
  check(probe.deliveries.length === before, 'readiness was delivered while nothing was watched');
  checkBytes(await probe.read(bytes.length), bytes, 'received after the peer was stuck');
  await bench.outcome(sent, 'the peer gets rid of everything');
}

/** Watches for everything, one after the other, on a socket that is over. */
async function checkOver(probe: SocketProbe): Promise<void> {
  check(probe.socket.ended, '`ended` is false after the end');
  for (const flags of [LCB_READ_EVENT, LCB_WRITE_EVENT, LCB_RW_EVENT]) {
    const delivered = await probe.ready(flags, `readiness for ${flags} after the end`);
    check(delivered === flags, `readiness ${delivered} instead of ${flags} after the end`);
    check(probe.recv() === undefined, 'something was received after the end');
  }
}

/** How bytes, the end and errors arrive. */
export const receivingCases: readonly ConformanceCase[] = [
  conformanceCase('bytes are received in order', async (bench) => {
    const { probe, peer } = await bench.connect();
    const sizes = [1, 2, 100, 1460, 4096, 65_536, 200_000, 3, 1_000_000];
    let total = 0;
    for (const size of sizes) {
      peer
        .send(pattern(size, total))
        .catch((error: Error) => bench.breach(`the peer could not send: ${error.message}`));
      total += size;
    }
    checkBytes(await probe.read(total), pattern(total), 'received');
  }),

  conformanceCase('bytes go before a timer without delay, however late the timer is that armed it', async (bench) => {
    const { probe, peer } = await bench.connect();
    const [late, last] = [bench.timer(), bench.timer()];
    let isFirst = false;
    late.reaction = () => last.arm(0);
    last.reaction = () => {
      isFirst = probe.deliveries.length === 0;
    };
    probe.watch(LCB_READ_EVENT);
    late.arm(LATE_MS * 1000);
    peer.send(pattern(100)).catch((error: Error) => bench.breach(`the peer could not send: ${error.message}`));
    bench.keepBusy(2 * LATE_MS);
    await last.firing(1);
    check(!isFirst, 'a timer without delay fired before bytes were delivered that had arrived');
    checkBytes(await probe.read(100), pattern(100), 'received');
  }),

  conformanceCase('bytes that come one at a time are received in order', async (bench) => {
    const { probe, peer } = await bench.connect();
    for (let at = 0; at < 20; at++) {
      await bench.outcome(peer.send(pattern(1, at)), 'the peer sends');
      checkBytes(await probe.read(1), pattern(1, at), `byte ${at}`);
    }
  }),

  conformanceCase('recv answers undefined when there is nothing', async (bench) => {
    const { probe, peer } = await bench.connect();
    check(probe.recv() === undefined, 'something was received before anything was sent');
    await bench.outcome(peer.send(pattern(100)), 'the peer sends');
    checkBytes(await probe.read(100), pattern(100), 'received');
    check(probe.recv() === undefined, 'something was received twice');
    probe.deliveries.length = 0;
    probe.watch(LCB_READ_EVENT);
    await bench.quiet();
    check(probe.deliveries.length === 0, 'read readiness was delivered though there is nothing to receive');
    check(!probe.socket.ended, '`ended` is true on an open connection');
  }),

  conformanceCase('received memory is stable until the next watch for reading', async (bench) => {
    const { probe, peer } = await bench.connect();
    await bench.outcome(peer.send(pattern(1000)), 'the peer sends');
    await probe.ready(LCB_READ_EVENT, 'read readiness');
    const bytes = probe.recv();
    check(bytes !== undefined, 'there was nothing to receive after read readiness');
    const copy = Buffer.from(bytes);
    await bench.outcome(peer.send(pattern(50_000, 1000)), 'the peer sends more');
    await bench.quiet();
    checkBytes(bytes, copy, 'received memory while nothing was watched');
    await probe.writable();
    probe.send(pattern(1000));
    await bench.quiet();
    checkBytes(bytes, copy, 'received memory while writing was watched');
    const rest = await probe.read(51_000 - copy.length);
    checkBytes(Buffer.concat([copy, rest]), pattern(51_000), 'received in all');
  }),

  conformanceCase('a socket that is never watched for reading holds its peer back', async (bench) => {
    const { probe, peer } = await bench.connect();
    await checkBackpressure(bench, probe, peer);
  }),

  conformanceCase('a socket that is no longer watched for reading holds its peer back', async (bench) => {
    const { probe, peer } = await bench.connect();
    await bench.outcome(peer.send(pattern(10)), 'the peer sends');
    checkBytes(await probe.read(10), pattern(10), 'received');
    probe.watch(LCB_READ_EVENT);
    await bench.quiet();
    probe.unwatch();
    await checkBackpressure(bench, probe, peer);
  }),

  conformanceCase('the end of the stream shows as readable', async (bench) => {
    const { probe, peer } = await bench.connect();
    await bench.outcome(peer.send(pattern(100_000)), 'the peer sends');
    peer.end();
    checkBytes(await probe.read(100_001), pattern(100_000), 'received before the end');
    check(probe.socket.error === undefined, `the end left an error: ${probe.socket.error?.message}`);
    await checkOver(probe);
  }),

  conformanceCase('the end of an idle stream is signalled', async (bench) => {
    const { probe, peer } = await bench.connect();
    probe.watch(LCB_READ_EVENT);
    await bench.quiet();
    peer.end();
    await bench.until(() => probe.deliveries.length > 0, 'read readiness at the end');
    check(probe.recv() === undefined, 'something was received at the end');
    check(probe.socket.error === undefined, `the end left an error: ${probe.socket.error?.message}`);
    await checkOver(probe);
  }),

  conformanceCase('a reset shows as readable with the error', async (bench) => {
    const { probe, peer } = await bench.connect();
    probe.watch(LCB_READ_EVENT);
    await bench.quiet();
    peer.reset();
    await bench.until(() => probe.deliveries.length > 0, 'read readiness at the reset');
    check(probe.recv() === undefined, 'something was received at the reset');
    check(probe.socket.error !== undefined, 'a reset left `socket.error` unset');
    check(probe.socket.error.message.length > 0, 'a reset left an error without a message');
    await checkOver(probe);
  }),
];
