// Soaks for as long as it is told: the test of this directory, with more time.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const USAGE = 'npm run soak -- --minutes M [--seed N]';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0) || !/^\d*$/.test(values.seed ?? '')) {
  console.error(`--minutes must be a number above 0, and --seed a whole number\n\n${USAGE}`);
  process.exit(2);
}
const env = { ...process.env, CB_SOAK_SECONDS: String(minutes * 60) };
if (values.seed !== undefined) env.CB_SOAK_SEED = values.seed;
const jest = spawnSync('npx', ['jest', 'test/soak'], { env, stdio: 'inherit' });
process.exitCode = jest.status ?? 1;
