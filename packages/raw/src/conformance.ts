import { connectingCases } from './conformance/connecting.js';
import type { ConformanceCase } from './conformance/harness.js';
import { receivingCases } from './conformance/receiving.js';
import { sendingCases } from './conformance/sending.js';
import { timingCases } from './conformance/timing.js';
import { watchingCases } from './conformance/watching.js';

export type { ConformanceCase, ConformanceHarness, Peer, PeerListener } from './conformance/harness.js';

/**
 * What every `IOPS` must do, for any test runner: run each case with a harness of its own.
 *
 * The cases follow the contract at `IOPS`, and the documentation of the original `couchbase.iops.base.IOPS` where it
 * says more: one-shot watchers, relative one-shot timers.
 */
export const iopsConformance: readonly ConformanceCase[] = [
  ...watchingCases,
  ...connectingCases,
  ...receivingCases,
  ...sendingCases,
  ...timingCases,
];
