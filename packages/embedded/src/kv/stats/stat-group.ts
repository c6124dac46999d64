import type { Request } from '../request.js';

/** One statistic: its name and its value, as text. */
export type Stat = readonly [name: string, value: string | number | boolean];

/**
 * What one group of statistics has to say.
 * @param args the words after the group's name in the request's key
 * @returns a status when it has nothing to say
 */
export type StatGroup = (request: Request, args: readonly string[]) => Iterable<Stat> | number;
