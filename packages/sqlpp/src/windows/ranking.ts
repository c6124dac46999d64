import { EvaluationError } from '../functions/evaluation-error.js';
import { isInteger } from '../values/numbers.js';
import { typeName, type Value } from '../values/value.js';
import type { WindowFunctionSpec, WindowRows } from './window-function-spec.js';

const ERROR_IN_WINDOW = 5340;

function ranking(name: string, needsOrder: boolean, rank: (rows: WindowRows, at: number) => Value): WindowFunctionSpec {
  return {
    name,
    minArguments: 0,
    maxArguments: 0,
    returns: 'number',
    needsOrder,
    takesFrame: false,
    results: (rows) => (at) => rank(rows, at),
  };
}

function percentRank({ partition }: WindowRows, at: number): number {
  return partition.length === 1 ? 0 : partition.peersStart(at) / (partition.length - 1);
}

/** Deals the rows to buckets that differ in size by at most one, the larger ones first. */
function tiles(rows: WindowRows): (at: number) => Value {
  const { length } = rows.partition;
  const wished = rows.operand(0, 0);
  if (!isInteger(wished) || wished <= 0) {
    const shown = isInteger(wished) ? String(wished) : typeName(wished);
    throw new EvaluationError(`ntile Invalid argument: ${shown}.`, ERROR_IN_WINDOW);
  }
  const count = Math.min(Number(wished), length);
  const size = Math.floor(length / count);
  const larger = length % count;
  const inLarger = larger * (size + 1);
  return (at) => (at < inLarger ? Math.floor(at / (size + 1)) + 1 : larger + Math.floor((at - inLarger) / size) + 1);
}

export const RANKING: readonly WindowFunctionSpec[] = [
  ranking('row_number', false, (_rows, at) => at + 1),
  ranking('rank', true, ({ partition }, at) => partition.peersStart(at) + 1),
  ranking('dense_rank', true, ({ partition }, at) => (partition.groupOf[at] as number) + 1),
  ranking('percent_rank', true, percentRank),
  ranking('cume_dist', true, ({ partition }, at) => partition.peersEnd(at) / partition.length),
  {
    name: 'ntile',
    minArguments: 1,
    maxArguments: 1,
    returns: 'number',
    needsOrder: true,
    takesFrame: false,
    results: tiles,
  },
];
