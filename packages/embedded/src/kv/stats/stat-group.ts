import type { Request } from '../request.js';

/** One statistic: its name and its value, as text. */
export type Stat = readonly [name: string, value: string | number | boolean];

/**
 * The content of a group of statistics.
 * @param args the words after the group's name in the request's key
 * @returns a status when it is empty
 */
export type StatGroup = (request: Request, args: readonly string[]) => Iterable<Stat> | number;
