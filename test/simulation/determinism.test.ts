import { runScenario } from './scenario.js';

async function traceOf(seed: number): Promise<string> {
  const lines: string[] = [];
  await runScenario({ seed, episodes: 3, onTrace: (line) => lines.push(line) });
  return lines.join('\n');
}

test('the same seed gives the same trace, byte for byte, whatever ran before', async () => {
  const first = await traceOf(5);
  const other = await traceOf(6);
  const again = await traceOf(5);
  expect(first.length).toBeGreaterThan(100_000);
  expect(again === first).toBe(true);
  expect(other === first).toBe(false);
});

test('watching changes nothing', async () => {
  const watched = await runScenario({ seed: 7, episodes: 2, onTrace: () => {} });
  expect(await runScenario({ seed: 7, episodes: 2 })).toEqual(watched);
});
