import { iopsConformance } from '../../src/conformance.js';
import { NodeIOPS } from '../../src/iops/node-iops.js';
import { certificate, nodeHarness } from './node-harness.js';

describe('over TCP', () => {
  test.each(iopsConformance)('$name', ({ run }) => run(nodeHarness(new NodeIOPS())));
});

describe('over TLS', () => {
  const trusting = { ca: certificate.cert, verify: true };

  test.each(iopsConformance)('$name', ({ run }) => run(nodeHarness(new NodeIOPS(), trusting)));
});
