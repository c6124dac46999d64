import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/**
 * The CPU time that all threads of another process have used so far, in microseconds. Undefined where the system does
 * not tell (it takes Linux with schedstats).
 */
export function cpuTimeOf(pid: number): number | undefined {
  try {
    let nanoseconds = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]);
    }
    return nanoseconds / 1000;
  } catch {
    return undefined;
  }
}

/** The CPU time that everything on this machine has used so far, in microseconds, to within some 10 milliseconds. */
export function cpuTimeOfMachine(): number {
  let milliseconds = 0;
  for (const { times } of cpus()) milliseconds += times.user + times.nice + times.sys + times.irq;
  return milliseconds * 1000;
}
