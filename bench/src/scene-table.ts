import type { SceneResult } from '../scenes/scene.js';
import { type ContenderName, contenderInfo } from './contender.js';
import { spreadOf } from './statistics.js';

/** One scene: what each side measured, and what must be known to judge it. */
export function sceneTable(title: string, { unit, rounds, notes }: SceneResult): string {
  return [
    `## ${title}`,
    '',
    `|  | ${unit} | least to most |`,
    '|---|---:|---:|',
    ...Object.entries(rounds).map(([side, values]) => {
      const { median, min, max } = spreadOf(values);
      return `| ${sideTitle(side)} | ${digits(median)} | ${digits(min)} to ${digits(max)} |`;
    }),
    '',
    ...notes.map((note) => `- ${note}`),
  ].join('\n');
}

/** Contenders have their names; the rest is called as the scene calls it. */
function sideTitle(side: string): string {
  return side === 'json-parse' ? 'JSON.parse' : contenderTitle(side);
}

function contenderTitle(side: string): string {
  const contenders: readonly string[] = ['raw', 'promise', 'official-sdk'] satisfies readonly ContenderName[];
  return contenders.includes(side) ? contenderInfo(side as ContenderName).title : side;
}

function digits(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(value < 100 ? 1 : 0);
}
