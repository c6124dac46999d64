import { Pacer } from './pacer.js';

/** A list of so many items has a pace of its own: what was learnt of others may be wrong for it. */
const LONG = 1024;

/** What is done step by step: it yields between steps, so that others may have the thread, and returns its result. */
export type Steps<T> = Generator<undefined, T>;

/** Returns what keeps the pace over a list: short lists share one. */
export function pacerFor(length: number, shared: Pacer): Pacer {
  return length < LONG ? shared : new Pacer();
}

/** Maps a list step by step. */
export function* mapped<T, U>(items: readonly T[], shared: Pacer, map: (item: T, at: number) => U): Steps<U[]> {
  const pacer = pacerFor(items.length, shared);
  const results: U[] = new Array(items.length);
  for (let at = 0; at < items.length; at++) {
    results[at] = map(items[at] as T, at);
    if (pacer.isDue()) yield;
  }
  return results;
}
