import { OfficialClient, OurClient, TIMEOUT_MS } from './processes/clients.js';
import { nodeDeath, type Report } from './processes/node-death.js';

/** Only an operation that hangs takes so much longer than it may: this machine has other things to do. */
const HANG_MS = TIMEOUT_MS + 2000;

const reports: [string, Report][] = [];

afterAll(() => {
  const lines = reports.map(([name, { operations, failures, slowestMs, recoveryMs, lost }]) => {
    const failed = Object.entries(failures).map(([error, count]) => `${count} x ${error}`);
    const times = `recovered ${Math.round(recoveryMs)} ms after the failover, slowest operation ${Math.round(slowestMs)} ms`;
    return `${name}: ${operations} operations, failed ${failed.join(', ') || 'none'}; ${times}; lost ${lost.length}`;
  });
  process.stdout.write(
    `A node of four, each a process of its own, dies by SIGKILL under load\n  ${lines.join('\n  ')}\n`,
  );
});

/** That a process with documents died, for good, and that another one with nothing took its place and was given some. */
function expectDeath({ victim }: Report): void {
  expect(new Set(victim.pids).size).toBe(5);
  expect(victim).toMatchObject({
    signal: 'SIGKILL',
    isGone: true,
    restarted: { active: 0, documents: 0 },
    unreadable: [],
  });
  expect(victim.killed.documents).toBeGreaterThan(0);
  expect(victim.rebalanced.active).toBeGreaterThan(0);
  expect(victim.rebalanced.documents).toBeGreaterThan(0);
  expect(victim.served.length).toBeGreaterThan(0);
}

test('of four nodes one is killed, failed over, restarted and rebalanced: nothing acknowledged is lost, nothing hangs', async () => {
  const report = await nodeDeath((connectionString) => OurClient.connect(connectionString));
  reports.push(['this SDK', report]);
  expectDeath(report);
  expect(report).toMatchObject({ lost: [], staleReads: [], dead: [] });
  expect(report.slowestMs).toBeLessThan(HANG_MS);
  expect(report.recoveryMs).toBeLessThan(Number.POSITIVE_INFINITY);
  // Writes that were on the wire when their node died may have taken effect, and are not repeated. Reads are.
  const failures = Object.keys(report.failures);
  expect(failures.filter((failure) => !/^upsert(Durably)? (NetworkError|SyncWrite\w+Error)$/.test(failure))).toEqual(
    [],
  );
}, 60_000);

test('the official SDK under the same script, for comparison', async () => {
  const report = await nodeDeath((connectionString) => OfficialClient.connect(connectionString));
  reports.push(['official SDK', report]);
  expectDeath(report);
  expect(report).toMatchObject({ lost: [], staleReads: [] });
}, 60_000);
