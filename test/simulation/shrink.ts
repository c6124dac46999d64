import { runScenario, type ScenarioOptions, type ScenarioReport } from './scenario.js';

/**
 * Leaves out one fault after the other, and episodes at the end, as long as the same checker still finds something.
 * Gives what is left.
 */
export async function shrink(options: ScenarioOptions, failed: ScenarioReport): Promise<ScenarioOptions> {
  const { checker } = failed.violations[0]!;
  const stillFails = async (candidate: ScenarioOptions): Promise<boolean> => {
    const { violations } = await runScenario(candidate);
    return violations.some((violation) => violation.checker === checker);
  };
  let smallest: ScenarioOptions = { ...options, episodes: failed.episodes };
  for (let index = failed.faults.length - 1; index >= 0; index--) {
    const candidate = { ...smallest, without: new Set([...(smallest.without ?? []), index]) };
    if (await stillFails(candidate)) smallest = candidate;
  }
  return smallest;
}

/** The command that runs just this. */
export function replayCommand({ seed, episodes, without, kinds }: ScenarioOptions): string {
  const parts = [`npm run simulate -- --seed ${seed}`];
  if (episodes !== undefined) parts.push(`--episodes ${episodes}`);
  if (kinds !== undefined) parts.push(`--faults ${kinds.join(',')}`);
  if (without !== undefined && without.size > 0)
    parts.push(`--without ${[...without].sort((a, b) => a - b).join(',')}`);
  return parts.join(' ');
}
