import type { Spread } from './statistics.js';
import { type Goal, type Outcome, SIDES } from './targets.js';

/** The table of targets: the median of the rounds, with the least and the most, and whether it keeps its goal. */
export function targetTable(outcomes: readonly Outcome[]): string {
  return [
    '| workload | measured | @cb/raw | goal | @cb/promise | goal |',
    '|---|---|---:|---:|---:|---:|',
    ...outcomes.map(rowOf),
  ].join('\n');
}

function rowOf({ workload, what, sides }: Outcome): string {
  const cells = SIDES.flatMap((side) => {
    const outcome = sides[side];
    if (outcome === undefined) return ['', ''];
    const { goal, measured, met } = outcome;
    return [`${shown(measured, what)} ${met ? '✓' : '✗'}`, goalText(goal, what)];
  });
  return `| ${[workload, what, ...cells].join(' | ')} |`;
}

function shown({ median, min, max }: Spread, what: string): string {
  return `**${digits(median)}${unitOf(what)}** (${digits(min)} to ${digits(max)})`;
}

function goalText(goal: Goal, what: string): string {
  const [sign, limit] = 'atLeast' in goal ? ['≥', goal.atLeast] : ['≤', goal.atMost];
  return `${sign} ${digits(limit)}${unitOf(what)}`;
}

/** Ratios are multiples. */
function unitOf(what: string): string {
  return what === 'MB' ? ' MB' : '×';
}

/** Three digits are more than the spread allows; small ones need them. */
function digits(value: number): string {
  if (value >= 10) return value.toFixed(1).replace(/\.0$/, '');
  return value
    .toFixed(value < 0.1 ? 3 : 2)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}
