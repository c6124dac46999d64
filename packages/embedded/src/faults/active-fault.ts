import type { Random } from '../base/random.js';
import type { ConfigText } from '../store/config-text.js';
import { fraction } from './delay.js';
import type { CheckedRule } from './fault-rule.js';

/** A rule in force. */
export interface Fault {
  /** How often it acted. */
  readonly hits: number;
  /** Removes the rule; what it has begun to do to a request goes on. May be called more than once. */
  remove(): void;
}

/** A rule, and how often it acted. */
export class ActiveFault implements Fault {
  readonly rule: CheckedRule;
  hits = 0;
  /** What nodes handed out when the rule was added, by node and bucket; for rules about configurations. */
  readonly configs = new Map<string, ConfigText | undefined>();
  readonly #onRemove: (fault: ActiveFault) => void;
  #matched = 0;

  constructor(rule: CheckedRule, onRemove: (fault: ActiveFault) => void) {
    this.rule = rule;
    this.#onRemove = onRemove;
  }

  remove(): void {
    this.#onRemove(this);
  }

  /** Decides whether the rule acts on a request that matches it, and counts it. */
  acts(random: Random): boolean {
    const { after = 0, times = Number.POSITIVE_INFINITY, probability = 1 } = this.rule;
    if (this.hits >= times || ++this.#matched <= after) return false;
    if (probability < 1 && fraction(random) >= probability) return false;
    this.hits++;
    return true;
  }
}

/** Whether the text is the one of the pattern, or fits it. */
export function fits(pattern: string | RegExp | undefined, text: string): boolean {
  if (pattern === undefined || typeof pattern === 'string') return pattern === undefined || pattern === text;
  // A pattern with the flag g would begin where it left off last time.
  pattern.lastIndex = 0;
  return pattern.test(text);
}
