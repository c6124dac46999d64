import { randomInt } from 'node:crypto';
import { effort } from '../effort/effort.js';
import { soak } from './soak.js';

/** `npm run soak` asks for more, and for a seed. */
const SECONDS = Number(process.env['CB_SOAK_SECONDS'] ?? effort(8, 20));
const SEED = Number(process.env['CB_SOAK_SEED'] ?? randomInt(2 ** 31));

jest.setTimeout(SECONDS * 1000 + 240_000);

test('processes die, stop and lose their connections, and nothing is lost, inverted or left open', async () => {
  const report = await soak(SEED, SECONDS * 1000);
  const { seed, episodes, calls, succeeded, faults, searches, undecided, violations } = report;
  const happened = Object.entries(faults).map(([kind, count]) => `${count} x ${kind}`);
  process.stdout.write(
    `soaked: ${episodes} episodes with seed ${seed}, ${calls} calls (${succeeded} succeeded), ${happened.join(', ')}, ${undecided} of ${searches} searches undecided\n`,
  );
  expect(violations).toEqual([]);
  expect(succeeded).toBeGreaterThan(calls / 4);
  expect(undecided).toBeLessThanOrEqual(searches / 20);
});
