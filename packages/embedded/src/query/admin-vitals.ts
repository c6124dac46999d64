import { availableParallelism } from 'node:os';
import process from 'node:process';
import type { ObjectValue } from '@cb/sqlpp';
import type { QueryHost } from './query-host.js';

/** Returns how the service is doing: what is known of it, by the names of a server. */
export function vitals({ queries, plan, clock }: QueryHost): ObjectValue {
  const { count, totalMs } = queries.requests.totals;
  const { heapTotal, heapUsed, rss } = process.memoryUsage();
  return {
    uptime: `${process.uptime()}s`,
    'local.time': new Date(clock.now()).toISOString(),
    version: `${plan.version}-N1QL`,
    cores: availableParallelism(),
    'memory.usage': heapUsed,
    'memory.total': heapTotal,
    'memory.system': rss,
    'request.completed.count': count,
    'request.active.count': queries.requests.active.size,
    'request_time.mean': `${count === 0 ? 0 : totalMs / count}ms`,
  };
}
