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
    return [`${shown(measured, what, goal)} ${met ? '✓' : '✗'}`, goalText(goal, what)];
  });
  return `| ${[workload, what, ...cells].join(' | ')} |`;
}

function shown({ median, min, max }: Spread, what: string, goal: Goal): string {
  const limit = limitOf(goal);
  // What rounds to its goal shows on which side of it it is.
  const exact =
    median !== limit && digits(median) === digits(limit) ? String(Number(median.toPrecision(4))) : digits(median);
  return `**${exact}${unitOf(what)}** (${digits(min)} to ${digits(max)})`;
}

function goalText(goal: Goal, what: string): string {
  return `${'atLeast' in goal ? '≥' : '≤'} ${digits(limitOf(goal))}${unitOf(what)}`;
}

function limitOf(goal: Goal): number {
  return 'atLeast' in goal ? goal.atLeast : goal.atMost;
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
