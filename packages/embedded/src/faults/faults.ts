import { ArgumentError } from '@cb/protocol';
import { Random } from '../base/random.js';
import type { ConfigText } from '../store/config-text.js';
import { ActiveFault, type Fault } from './active-fault.js';
import { checkRule, type FaultRule } from './fault-rule.js';
import { configKey, NodeFaults } from './node-faults.js';

/** A seed of their own, so that rules do not change the uuids of the cluster. */
const SEED_OFFSET = 0x666c74;

/** The part of a node that the faults need. */
export interface FaultyNode {
  /** By name. */
  readonly buckets: ReadonlyMap<string, unknown>;
  /** The faults that its clients meet; undefined while there are none. */
  faults: NodeFaults | undefined;
  /** The published configuration of the bucket, or with the empty name that of the cluster. */
  configOf(bucket: string): ConfigText | undefined;
  /** Pushes the configurations again, as clients may have missed some. */
  tellConfigs(): void;
}

/**
 * The faults of a cluster: rules that say which requests fail, and how. As long as there are none they cost nothing.
 *
 *   const locked = cluster.faults.add({ opcode: 'Get', key: 'a', answer: { status: Status.Locked }, times: 3 });
 *   …
 *   locked.hits;
 *   locked.remove();
 */
export class Faults {
  readonly #nodes: readonly FaultyNode[];
  readonly #random: Random;
  /** Shared with the nodes. */
  readonly #rules: ActiveFault[] = [];

  /** @param nodes all nodes of the cluster, also later. @internal */
  constructor(nodes: readonly FaultyNode[], seed: number) {
    this.#nodes = nodes;
    this.#random = new Random(seed + SEED_OFFSET);
  }

  /**
   * Adds a rule, which applies from the next request on.
   * @throws ArgumentError for a field that is unknown, of the wrong type, out of range, or incompatible with the
   * others.
   */
  add(rule: FaultRule): Fault {
    const fault = new ActiveFault(checkRule(rule), (removed) => this.#remove(removed));
    const { node, config } = fault.rule;
    if (node !== undefined && this.#nodes[node] === undefined) {
      throw new ArgumentError(`node must be from 0 to ${this.#nodes.length - 1}, not ${String(node)}`);
    }
    if (config?.handsOut === 'stale') this.#keepConfigs(fault);
    this.#rules.push(fault);
    for (const index of this.#nodes.keys()) this.meet(index);
    return fault;
  }

  /** Removes all rules. */
  clear(): void {
    for (const fault of [...this.#rules]) this.#remove(fault);
  }

  /** A node has become part of the cluster: its clients meet the rules too. @internal */
  meet(index: number): void {
    const node = this.#nodes[index]!;
    if (this.#rules.length > 0) node.faults ??= new NodeFaults(index, this.#rules, this.#random);
  }

  #remove(fault: ActiveFault): void {
    const at = this.#rules.indexOf(fault);
    if (at < 0) return;
    this.#rules.splice(at, 1);
    if (this.#rules.length === 0) for (const node of this.#nodes) node.faults = undefined;
    // Clients get now what was withheld before.
    if (fault.rule.config !== undefined) for (const node of this.#nodes) node.tellConfigs();
  }

  #keepConfigs(fault: ActiveFault): void {
    for (const [index, node] of this.#nodes.entries()) {
      fault.configs.set(configKey(index, ''), node.configOf(''));
      for (const name of node.buckets.keys()) fault.configs.set(configKey(index, name), node.configOf(name));
    }
  }
}
