import { iopsConformance } from '../../src/conformance.js';
import { SimulatedNetwork } from '../../src/simulation/network.js';
import { simulatedHarness } from './simulated-harness.js';

describe.each([1, 2, 3])('SimulatedIOPS with seed %d', (seed) => {
  test.each(iopsConformance.map(({ name, run }) => [name, run] as const))('%s', async (_name, run) => {
    const network = new SimulatedNetwork({ seed });
    await run(simulatedHarness(network));
  });
});
