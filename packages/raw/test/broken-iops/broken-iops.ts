import type { IOPS } from '../../src/iops/iops.js';

/** An IOPS with one fault. */
export interface BrokenIOPS {
  readonly fault: string;
  /** A case of the suite that the fault must fail. */
  readonly caught: string;
  /** A part of what the case says then. */
  readonly says: string;
  make(): IOPS;
}
