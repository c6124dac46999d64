/** A time in which the event loop did not turn, in microseconds on the IOPS clock. */
export interface HoldUp {
  /** Its beginning. */
  readonly from: number;
  /** Its end. */
  readonly until: number;
}

/** Something that must end in time. */
export interface Limited {
  /** In microseconds on the IOPS clock. */
  deadline: number;
  /** From its beginning to its deadline, as it was asked for. */
  readonly timeoutMs: number;
  /** Microseconds by which the deadline was moved. */
  heldUp: number;
}

/**
 * Moves the deadline by the time in which nothing could be received: by the longest of the hold-ups since the beginning,
 * and not by their sum, so that a program that holds its loop up again and again has deadlines all the same.
 */
export function extend(limited: Limited, { from, until }: HoldUp): void {
  const { deadline, timeoutMs, heldUp } = limited;
  if (deadline <= from) return;
  const begunAt = deadline - heldUp - timeoutMs * 1000;
  const usecs = until - Math.max(from, begunAt);
  if (!(usecs > heldUp)) return;
  limited.deadline = deadline - heldUp + usecs;
  limited.heldUp = usecs;
}
