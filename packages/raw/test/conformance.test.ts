import { iopsConformance } from '../src/conformance.js';
import { socketFaults } from './broken-iops/socket-faults.js';
import { timingFaults } from './broken-iops/timing-faults.js';
import { watchFaults } from './broken-iops/watch-faults.js';
import { nodeHarness } from './iops/node-harness.js';

test('every case has a name of its own', () => {
  const names = iopsConformance.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test.each([...watchFaults, ...socketFaults, ...timingFaults])(
  'catches an IOPS that $fault',
  async ({ caught, says, make }) => {
    const { run } = iopsConformance.find(({ name }) => name === caught)!;
    await expect(run({ ...nodeHarness(make()), patienceMs: 4000 })).rejects.toThrow(says);
  },
);
