import type { Random } from '../base/random.js';
import type { ConfigText } from '../store/config-text.js';
import { type ActiveFault, fits } from './active-fault.js';
import { drawDelay } from './delay.js';
import { type FaultPlan, planOf } from './fault-plan.js';
import type { ConfigWay } from './fault-rule.js';

/** The faults that the clients of one node meet. */
export class NodeFaults {
  readonly #index: number;
  readonly #rules: readonly ActiveFault[];
  readonly #random: Random;

  /** @param rules all rules of the cluster in force, also later. */
  constructor(index: number, rules: readonly ActiveFault[], random: Random) {
    this.#index = index;
    this.#rules = rules;
    this.#random = random;
  }

  /**
   * Returns the faults of a KV request; undefined when no rule matches.
   * @param key its document's key, without the collection; asked for only when a rule needs it
   */
  planOfKv(opcode: number, key: () => string): FaultPlan | undefined {
    return this.#plan(
      this.#rules.filter(
        ({ rule }) =>
          this.#isHere(rule.node, rule.service === 'kv' && rule.config === undefined) &&
          (rule.opcode === undefined || rule.opcode === opcode) &&
          (rule.key === undefined || fits(rule.key, key())),
      ),
    );
  }

  /** Returns the faults of an HTTP request; undefined when no rule matches. */
  planOfHttp(path: string): FaultPlan | undefined {
    return this.#plan(
      this.#rules.filter(({ rule }) => this.#isHere(rule.node, rule.service === 'http') && fits(rule.path, path)),
    );
  }

  /** Returns the faults of a request of the query service; undefined when no rule matches. */
  planOfQuery(statement: string): FaultPlan | undefined {
    return this.#plan(
      this.#rules.filter(
        ({ rule }) => this.#isHere(rule.node, rule.service === 'query') && fits(rule.statement, statement),
      ),
    );
  }

  /** Returns the configuration that clients get instead of this one. */
  configOf(bucket: string, config: ConfigText | undefined): ConfigText | undefined {
    const fault = this.#rules.find(({ rule }) => this.#isHere(rule.node, rule.config?.handsOut !== undefined));
    if (fault === undefined) return config;
    fault.hits++;
    return fault.rule.config!.handsOut === 'none' ? undefined : fault.configs.get(configKey(this.#index, bucket));
  }

  /** Whether a newer configuration is announced in this way. */
  tells(way: ConfigWay): boolean {
    const fault = this.#rules.find(
      ({ rule }) => this.#isHere(rule.node, rule.config?.tells !== undefined) && !rule.config!.tells!.includes(way),
    );
    if (fault === undefined) return true;
    fault.hits++;
    return false;
  }

  #isHere(node: number | undefined, isMeant: boolean): boolean {
    return isMeant && (node === undefined || node === this.#index);
  }

  #plan(matching: readonly ActiveFault[]): FaultPlan | undefined {
    const acting = matching.filter((fault) => fault.acts(this.#random)).map(({ rule }) => rule);
    if (acting.length === 0) return undefined;
    return planOf(acting, (delay) => drawDelay(delay, this.#random));
  }
}

/** What names a configuration: the bucket's, or the cluster's with the empty name, as one node hands it out. */
export function configKey(node: number, bucket: string): string {
  return `${node}/${bucket}`;
}
