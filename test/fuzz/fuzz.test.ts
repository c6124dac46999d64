import { randomInt } from 'node:crypto';
import { goldenPath } from '../data/golden.js';
import { effort } from '../effort/effort.js';
import { NO_DONORS, readDonors } from './donors.js';
import { type Part, runCampaign } from './fuzzers.js';

jest.setTimeout(600_000);

const MUTATIONS = effort<Readonly<Record<Part, number>>>(
  { answers: 10_000, requests: 20_000, rows: 4000, frames: 20_000, statements: 5000 },
  { answers: 100_000, requests: 100_000, rows: 20_000, frames: 100_000, statements: 100_000 },
);

/** Fresh seeds for statements are those of `npm run fuzz`. */
const STATEMENTS_BASE = 15_000;

const donors = goldenPath === undefined ? NO_DONORS : readDonors(goldenPath);

const cases: readonly (readonly [promise: string, part: Part])[] = [
  ['the client lives on, settles each call once, and leaves nothing behind, whatever it is answered', 'answers'],
  ['a node answers each request or ends its session, whatever it is asked, and others are served as ever', 'requests'],
  ['a stream means the same however it is cut, whatever is in it', 'frames'],
  ['a statement ends with rows or with errors of its own, whatever it says', 'statements'],
];

test.each(cases)('%s', async (_promise, part) => {
  const base = part === 'statements' ? STATEMENTS_BASE : randomInt(2 ** 31);
  const { mutations, seeds, calls, failures } = await runCampaign(part, base, MUTATIONS[part], donors);
  process.stdout.write(
    `fuzzed ${part}: ${mutations} mutations, ${seeds} seeds from base seed ${base}, ${calls} calls\n`,
  );
  expect(failures).toEqual([]);
});
