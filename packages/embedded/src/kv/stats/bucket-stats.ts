import type { Bucket } from '../../store/bucket.js';
import type { VbucketState } from '../../store/local-bucket.js';
import { engineSettings } from './engine-settings.js';
import { engineFigures, memoryUsed, nodeFigures, stateFigures, sumsOf } from './figures.js';
import type { Stat, StatGroup } from './stat-group.js';
import {
  DISK_NAMES,
  DRIFT_NAMES,
  DURABLE_NAMES,
  ENGINE_NAMES,
  RUNTIME_NAMES,
  SERVER_NAMES,
  STATE_NAMES,
  TOTAL_NAMES,
} from './stat-names.js';

/** The share of the quota above which the engine looks closer. */
const MERGE_THRESHOLD = 0.01;

const STATES: readonly VbucketState[] = ['active', 'replica', 'pending'];
const KEPT_STATES: readonly VbucketState[] = ['active', 'replica'];

/**
 * What is asked for without a group: the bucket's engine, its settings, and the process. What is not counted here is 0.
 * Names and order as ep-engine has them.
 */
export const bucketStats: StatGroup = ({ bucket, session: { node } }) => {
  const engine = new Map(engineFigures(bucket, node));
  return [
    ...filled(ENGINE_NAMES, engine),
    ...itemCounts(bucket),
    ...STATES.flatMap((state) => ofState(bucket, state, STATE_NAMES)),
    ...KEPT_STATES.flatMap((state) => ofState(bucket, state, DURABLE_NAMES)),
    ['vb_dead_num', sumsOf(bucket, 'dead').vbuckets],
    ...filled(TOTAL_NAMES, engine),
    ...KEPT_STATES.flatMap((state) => DRIFT_NAMES.map((name): Stat => [`ep_${state}_${name}`, 0])),
    ['ep_clock_cas_drift_threshold_exceeded', 0],
    ...filled(DISK_NAMES, engine),
    ...engineSettings(bucket),
    ...filled(RUNTIME_NAMES, engine),
    ...filled(SERVER_NAMES, new Map(nodeFigures(node))),
  ];
};

function itemCounts(bucket: Bucket): Stat[] {
  const [active, replica, pending] = STATES.map((state) => sumsOf(bucket, state).items) as [number, number, number];
  return [
    ['curr_items', active],
    ['curr_temp_items', 0],
    ['curr_items_tot', active + replica + pending],
  ];
}

function ofState(bucket: Bucket, state: VbucketState, names: readonly string[]): Stat[] {
  return filled(names, new Map(stateFigures(bucket, state))).map(([name, value]) => [`vb_${state}_${name}`, value]);
}

/** The statistics of these names, 0 where nothing is known. */
function filled(names: readonly string[], figures: ReadonlyMap<string, Stat[1]>): Stat[] {
  return names.map((name) => [name, figures.get(name) ?? 0]);
}

/** `memory`. */
export const memory: StatGroup = ({ bucket }) => {
  const used = memoryUsed(bucket);
  return [
    ['mem_used_estimate', used],
    ['bytes', used],
    ['mem_used', used],
    ['mem_used_merge_threshold', Math.floor(bucket.ramQuotaBytes * MERGE_THRESHOLD)],
    ['ep_kv_size', sumsOf(bucket).bytes],
    ['ep_max_size', bucket.ramQuotaBytes],
  ];
};

/** `config`. */
export const config: StatGroup = ({ bucket }) => engineSettings(bucket);

/** `uuid`. */
export const uuid: StatGroup = ({ bucket }) => [['uuid', bucket.uuid]];

/** `reset`: there is nothing to reset. */
export const reset: StatGroup = () => [];
