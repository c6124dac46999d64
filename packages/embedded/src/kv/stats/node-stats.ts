import type { Stat, StatGroup } from './stat-group.js';

/** Reported number of threads of each kind: there is one here, for everything. */
const POOLS = ['frontend', 'reader', 'writer', 'auxio', 'nonio', 'slowio', 'quicknonio'] as const;

/** `connections`: one object of JSON for each, under an empty name. */
export const connections: StatGroup = ({ session }) =>
  [...session.node.sessions].map((one): Stat => {
    const { features } = one;
    const enabled = Object.entries(features).flatMap(([name, on]) => (on === true ? [name] : []));
    const described = { agent_name: one.agent, features: enabled, user: { name: one.user?.name ?? '' } };
    return ['', JSON.stringify({ ...described, bucket: one.bucket?.name ?? '' })];
  });

/** `clocks`: what reading them costs. */
export const clocks: StatGroup = () => [
  ['clock_fine_overhead_ns', 25],
  ['clock_coarse_overhead_ns', 5],
  ['clock_measurement_period_ns', 1],
];

/** `threads`. */
export const threads: StatGroup = () =>
  POOLS.flatMap((pool): Stat[] => [
    [`num_${pool}_threads_configured`, 1],
    [`num_${pool}_threads_actual`, 1],
  ]);

/** `responses`: by status, how many there were. They are not counted. */
export const responses: StatGroup = () => [['responses', '{}']];

/** `tracing`. */
export const tracing: StatGroup = () => [
  ['log_is_enabled', false],
  ['log_has_buffer', false],
];
