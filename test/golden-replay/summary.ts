import type { Exception } from './exceptions.js';
import type { Outcome } from './replay.js';

/** For people: what each group comes to, then every difference, those that are not listed first. */
export function summary(outcomes: readonly Outcome[], exceptions: readonly Exception[]): string {
  const reason = ({ group, name }: Outcome): string | undefined =>
    exceptions.find((one) => one.group === group && one.name === name)?.reason;
  const groups = [...new Set(outcomes.map(({ group }) => group))].map((group) => {
    const all = outcomes.filter((one) => one.group === group);
    const equal = all.filter((one) => one.difference === undefined);
    const listed = all.filter((one) => one.difference !== undefined && reason(one) !== undefined);
    return `${group.padEnd(12)} compared ${all.length}, equal ${equal.length}, listed ${listed.length}, different ${all.length - equal.length - listed.length}`;
  });
  const different = outcomes
    .filter((one) => one.difference !== undefined)
    .sort((a, b) => Number(reason(a) !== undefined) - Number(reason(b) !== undefined))
    .map((one) => `[${one.group}] ${one.name}${listedAs(reason(one))}\n  ${one.difference}`);
  return `${[...groups, '', ...different].join('\n')}\n`;
}

function listedAs(reason: string | undefined): string {
  return reason === undefined ? '' : ` (listed: ${reason})`;
}
