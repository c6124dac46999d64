import { writeFileSync } from 'node:fs';
import { type GoldenExchange, goldenPath } from '../data/golden.js';
import { readSharedData } from '../data/shared-data.js';
import { EXCEPTIONS } from './exceptions.js';
import { type Outcome, replay } from './replay.js';
import { ReplayClock } from './replay-clock.js';
import { summary } from './summary.js';
import { Timeline } from './timeline.js';

/** CB_GOLDEN names another recording; CB_GOLDEN_REPORT a file for the counts and all differences in full. */
const { CB_GOLDEN, CB_GOLDEN_REPORT } = process.env;
const path = CB_GOLDEN ?? goldenPath;
const title = 'the recorded exchanges with a 7.2.4 engine';

if (path === undefined) test.skip(`${title}: the recording is missing`, () => undefined);
else describe(title, () => judge(path));

function judge(recording: string): void {
  let outcomes: readonly Outcome[] = [];

  beforeAll(async () => {
    const exchanges = readRecording(recording);
    outcomes = await replay(exchanges, new ReplayClock(new Timeline(exchanges).startMs));
    if (CB_GOLDEN_REPORT !== undefined) writeFileSync(CB_GOLDEN_REPORT, summary(outcomes, EXCEPTIONS));
  }, 300_000);

  test('every answer is equal, save the listed exceptions', () => {
    const isListed = (one: Outcome): boolean =>
      EXCEPTIONS.some(({ group, name }) => group === one.group && name === one.name);
    const unexpected = outcomes.filter((one) => one.difference !== undefined && !isListed(one));
    expect(unexpected.map(({ group, name, difference }) => `${group}: ${name}: ${difference}`)).toEqual([]);
  });

  test('every listed exception still differs', () => {
    const differs = ({ group, name }: { group: string; name: string }): boolean =>
      outcomes.some((one) => one.group === group && one.name === name && one.difference !== undefined);
    expect(EXCEPTIONS.filter((exception) => !differs(exception))).toEqual([]);
  });

  test('at least 98 % of the answers are equal', () => {
    const equal = outcomes.filter(({ difference }) => difference === undefined).length;
    expect(equal / outcomes.length).toBeGreaterThanOrEqual(0.98);
  });
}

function readRecording(from: string): GoldenExchange[] {
  const lines = readSharedData(from).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as GoldenExchange);
}
