import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FuzzArguments, fuzzArguments, USAGE } from './arguments.js';
import { type Donors, NO_DONORS, readDonors } from './donors.js';
import { describe, runCampaign, runSeed } from './fuzzers.js';

/** Recordings of a real server, next to the repository; a seed means the same only with the same ones. */
const RECORDING = '../shared/data/golden/kv-engine-7.2.jsonl.gz';

/** Fuzzes from the command line: fresh seeds, or one seed again. */
async function main(args: readonly string[]): Promise<number> {
  let asked: FuzzArguments;
  try {
    asked = fuzzArguments(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  const donors = existsSync(RECORDING) ? readDonors(RECORDING) : NO_DONORS;
  return asked.seed === undefined ? runAll(asked, donors) : replay(asked, asked.seed, donors);
}

async function replay({ parts }: FuzzArguments, seed: number, donors: Donors): Promise<number> {
  const [part] = parts;
  const report = await runSeed(part!, seed, donors);
  console.log(`${part}: ${report.mutations} mutations, ${report.calls} calls, ${report.faults.length} faults`);
  if (report.faults.length > 0) console.log(describe(part!, report));
  return report.faults.length > 0 ? 1 : 0;
}

async function runAll({ parts, mutations }: FuzzArguments, donors: Donors): Promise<number> {
  let failed = 0;
  for (const part of parts) {
    const base = randomInt(2 ** 31);
    console.log(`${part}: base seed ${base}`);
    const campaign = await runCampaign(part, base, mutations, donors);
    for (const { message } of campaign.failures) console.log(message);
    failed += campaign.failures.length;
    const { seeds, calls } = campaign;
    console.log(
      `${part}: ${campaign.mutations} mutations, ${seeds} seeds, ${calls} calls, ${campaign.failures.length} failures`,
    );
  }
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
