/** What orders configurations: the epoch first, then the revision. */
export interface ConfigVersion {
  readonly epoch: bigint;
  readonly revision: bigint;
}

/** A configuration as a node hands it out. */
export interface ConfigText extends ConfigVersion {
  readonly json: Buffer;
}

/** Whether `one` is newer than `other`. */
export function isNewer(one: ConfigVersion, other: ConfigVersion | undefined): boolean {
  if (other === undefined) return true;
  return one.epoch === other.epoch ? one.revision > other.revision : one.epoch > other.epoch;
}
