import type { Random } from '../base/random.js';
import type { Node } from '../cluster/node.js';
import { dispatch } from '../kv/dispatch.js';
import { documentKey } from '../kv/document-key.js';
import type { Request } from '../kv/request.js';
import type { ConfigText } from '../store/config-text.js';
import { type ActiveFault, fits } from './active-fault.js';
import { AnswerFault } from './answer-fault.js';
import { drawDelay } from './delay.js';
import { answerOf, type FaultPlan, planOf } from './fault-plan.js';
import type { ConfigWay } from './fault-rule.js';

/** The faults that the clients of one node meet. */
export class NodeFaults {
  readonly #node: Node;
  readonly #index: number;
  readonly #rules: readonly ActiveFault[];
  readonly #random: Random;

  /** @param rules all rules of the cluster in force, also later. */
  constructor(node: Node, index: number, rules: readonly ActiveFault[], random: Random) {
    this.#node = node;
    this.#index = index;
    this.#rules = rules;
    this.#random = random;
  }

  /** Does to a KV request what the rules say; false when none meets it, and it is to be served as usual. */
  meets(request: Request): boolean {
    const { frame, session } = request;
    const key = (): string => documentKey(frame, session);
    const acting = this.#rules.filter(
      ({ rule }) =>
        this.#isHere(rule.node, rule.service === 'kv' && rule.config === undefined) &&
        (rule.opcode === undefined || rule.opcode === frame.opcode) &&
        (rule.key === undefined || fits(rule.key, key())),
    );
    const plan = this.#plan(acting);
    if (plan === undefined) return false;
    if (plan.delayMs === 0) {
      carryOut(request, plan);
    } else {
      const parked = request.park();
      this.#node.clock.after(plan.delayMs, () => session.retry(parked, () => carryOut(parked, plan)));
    }
    return true;
  }

  /** What is to be done to an HTTP request; undefined when no rule meets it. */
  planOfHttp(path: string): FaultPlan | undefined {
    return this.#plan(
      this.#rules.filter(({ rule }) => this.#isHere(rule.node, rule.service === 'http') && fits(rule.path, path)),
    );
  }

  /** The configuration that clients are told instead of this one. */
  configOf(bucket: string, config: ConfigText | undefined): ConfigText | undefined {
    const fault = this.#rules.find(({ rule }) => this.#isHere(rule.node, rule.config?.handsOut !== undefined));
    if (fault === undefined) return config;
    fault.hits++;
    return fault.rule.config!.handsOut === 'none' ? undefined : fault.configs.get(configKey(this.#index, bucket));
  }

  /** Whether clients are told of a newer configuration in this way. */
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

function carryOut(request: Request, plan: FaultPlan): void {
  const { session } = request;
  if (plan.request === 'reset') {
    session.reset();
    return;
  }
  if (plan.request === 'drop') return;
  const { distortion, dropsAnswer, answer } = plan;
  if (dropsAnswer || distortion !== undefined) request.fault = new AnswerFault(dropsAnswer, distortion ?? {});
  if (answer === undefined) {
    dispatch(request, session);
    return;
  }
  request.begin().raw(answerOf(answer));
  request.end(answer.status);
}
