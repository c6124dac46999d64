import type { Documents, Driver } from './driver.js';
import type { Ability, ClientAbility } from './manifest.js';

export type Need = Ability | ClientAbility;

/** Where a scenario takes place. */
export interface Setting {
  readonly driver: Driver;
  /** The driver's default collection. */
  readonly documents: Documents;
  /** KV addresses of the server's nodes, as `host:port`. */
  readonly nodes: readonly string[];
  /** Seconds, for an expiry that is waited for. */
  readonly lifetime: number;
  /** Lets so many seconds pass for the server. */
  pass(seconds: number): Promise<void>;
}

/** Something that must be true of a client and a server together. Its keys are its own. */
export interface Scenario {
  readonly name: string;
  /** What it needs besides what every server has. */
  readonly needs: readonly Need[];
  run(setting: Setting): Promise<void>;
}

export function scenario(name: string, needs: readonly Need[], run: (setting: Setting) => Promise<void>): Scenario {
  return { name, needs, run };
}
