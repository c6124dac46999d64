/**
 * The server duration of a traced reply, from milliseconds: microseconds = e^1.74 / 2, in 16 bits.
 * Source: kv_engine docs/BinaryProtocol.md, "Server Recv->Send duration".
 */
export function encodeDuration(ms: number): number {
  return Math.min(0xffff, Math.round((2000 * ms) ** (1 / 1.74)));
}
