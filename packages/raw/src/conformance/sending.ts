import { LCB_READ_EVENT, LCB_RW_EVENT, LCB_WRITE_EVENT } from '../iops/constants.js';
import { type Bench, check, checkBytes, conformanceCase, pattern } from './bench.js';
import type { ConformanceCase } from './harness.js';
import type { SocketProbe } from './socket-probe.js';

const BLOCK_BYTES = 1024 * 1024;
/** Milliseconds without progress after which a socket counts as stuck. */
const STUCK_MS = 200;

/** Sends one block from memory that is overwritten as soon as the contract allows it. */
async function sendAndReuse(probe: SocketProbe, memory: Buffer, bytes: Buffer): Promise<void> {
  bytes.copy(memory);
  if (!probe.send(memory.subarray(0, bytes.length))) await probe.writable();
  memory.fill(0xee);
}

/**
 * Sends blocks until the socket keeps one and does not release it, because the peer receives nothing. Returns how many
 * bytes were passed to the socket. The memory is reused from block to block.
 */
async function sendUntilStuck(bench: Bench, probe: SocketProbe): Promise<number> {
  const memory = Buffer.allocUnsafe(BLOCK_BYTES);
  let given = 0;
  for (;;) {
    check(given <= bench.unreadBytesMax, `${given} bytes were taken though the peer receives none`);
    pattern(BLOCK_BYTES, given).copy(memory);
    const reusable = probe.send(memory);
    given += BLOCK_BYTES;
    if (reusable) continue;
    const before = probe.deliveries.length;
    probe.watch(LCB_WRITE_EVENT);
    for (let waited = 0; waited < STUCK_MS && probe.deliveries.length === before; waited += 10) await bench.elapse(10);
    if (probe.deliveries.length === before) return given;
  }
}

/** Breaks a connection that is stuck with a block, while `waitingBytes` from the peer are not received. */
async function checkResetWhileSending(bench: Bench, waitingBytes: number): Promise<void> {
  const { probe, peer } = await bench.connect();
  await bench.outcome(peer.send(pattern(waitingBytes)), 'the peer sends');
  await bench.quiet();
  peer.stopReading();
  await sendUntilStuck(bench, probe);
  let broken: boolean | undefined;
  probe.reaction = () => {
    broken ??= probe.socket.ended && probe.socket.error !== undefined;
  };
  probe.watch(LCB_WRITE_EVENT);
  peer.reset();
  await bench.until(() => broken !== undefined, 'write readiness at the reset');
  check(broken === true, 'write readiness for a block that was not sent came without an error');
}

/** What `send` promises. */
export const sendingCases: readonly ConformanceCase[] = [
  conformanceCase('memory may be reused as send says', async (bench) => {
    const { probe, peer } = await bench.connect();
    const memory = Buffer.allocUnsafe(300_000);
    let total = 0;
    for (const size of [1, 10, 1000, 20_000, 300_000, 5, 100_000, 100_000, 64]) {
      await sendAndReuse(probe, memory, pattern(size, total));
      total += size;
    }
    checkBytes(await bench.outcome(peer.received(total), 'the peer receives'), pattern(total), 'received by the peer');
  }),

  conformanceCase('many blocks may be sent in one handler while send answers true', async (bench) => {
    const { probe, peer } = await bench.connect();
    let total = 0;
    probe.reaction = () => {
      for (let blocks = 0; total < 100_000 && blocks < 10; blocks++) {
        const reusable = probe.send(pattern(1000, total));
        total += 1000;
        if (!reusable) break;
      }
      if (total < 100_000) probe.watch(LCB_WRITE_EVENT);
    };
    probe.watch(LCB_WRITE_EVENT);
    const received = await bench.outcome(peer.received(100_000), 'the peer receives');
    checkBytes(received, pattern(100_000), 'received by the peer');
  }),

  conformanceCase('a peer that does not receive holds the socket back', async (bench) => {
    const { probe, peer } = await bench.connect();
    peer.stopReading();
    const total = await sendUntilStuck(bench, probe);
    probe.deliveries.length = 0;
    peer.resumeReading();
    await bench.until(() => probe.deliveries.length > 0, 'write readiness after the peer receives again');
    await sendAndReuse(probe, Buffer.allocUnsafe(BLOCK_BYTES), pattern(BLOCK_BYTES, total));
    const received = await bench.outcome(peer.received(total + BLOCK_BYTES), 'the peer receives');
    checkBytes(received, pattern(total + BLOCK_BYTES), 'received by the peer');
  }),

  conformanceCase('a socket that is held back still receives', async (bench) => {
    const { probe, peer } = await bench.connect();
    peer.stopReading();
    await sendUntilStuck(bench, probe);
    await bench.outcome(peer.send(pattern(1000)), 'the peer sends');
    const flags = await probe.ready(LCB_RW_EVENT, 'read readiness');
    check(flags === LCB_READ_EVENT, `readiness ${flags} while the socket still has a block`);
    checkBytes(await probe.read(1000), pattern(1000), 'received');
  }),

  conformanceCase('a reset while a block is under way shows as readiness with the error', (bench) =>
    checkResetWhileSending(bench, 0),
  ),

  conformanceCase('a reset while a block is under way and bytes wait shows as readiness with the error', (bench) =>
    checkResetWhileSending(bench, 1000),
  ),

  conformanceCase('a socket destroyed with a block under way is silent', async (bench) => {
    const { probe, peer } = await bench.connect();
    peer.stopReading();
    await sendUntilStuck(bench, probe);
    const before = probe.deliveries.length;
    probe.watch(LCB_RW_EVENT);
    probe.destroy();
    peer.resumeReading();
    await bench.quiet();
    check(probe.deliveries.length === before, 'readiness was delivered after destroy');
  }),
];
