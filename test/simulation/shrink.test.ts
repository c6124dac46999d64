import { KeysOnWire } from '@cb/raw/connection/keys-on-wire';
import { simulateArguments } from './arguments.js';
import { runScenario } from './scenario.js';
import { replayCommand, shrink } from './shrink.js';

jest.setTimeout(120_000);

test('a failure shrinks to the faults that it needs, and the command replays just them', async () => {
  const { last } = KeysOnWire.prototype;
  KeysOnWire.prototype.last = () => undefined;
  try {
    const failed = await runScenario({ seed: 3 });
    expect(failed.violations).not.toEqual([]);
    const smallest = await shrink({ seed: 3 }, failed);
    const command = replayCommand(smallest);
    const asked = simulateArguments(command.split(' -- ')[1]!.split(' '));
    expect(asked).toMatchObject({ seed: 3, episodes: failed.episodes, without: smallest.without });
    const again = await runScenario({ seed: 3, episodes: asked.episodes!, without: asked.without });
    expect(again.violations[0]!.checker).toBe(failed.violations[0]!.checker);
    expect(again.faults.length - asked.without.size).toBeLessThan(failed.faults.length);
  } finally {
    KeysOnWire.prototype.last = last;
  }
});

test.each([
  [[], /either --seed or --minutes/],
  [['--seed', '1', '--minutes', '1'], /either --seed or --minutes/],
  [['--seed', 'x'], /--seed must be a whole number, not "x"/],
  [['--minutes', '0'], /--minutes must be a number above 0/],
  [['--seed', '1', '--faults', 'flood'], /there is no fault "flood", only kill, /],
  [['--seeds', '1'], /Unknown option/],
])('the arguments %j are refused', (args, message) => {
  expect(() => simulateArguments(args)).toThrow(message);
});
