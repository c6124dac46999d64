/** Memory that no `postMessage` and no `structuredClone` takes away from this thread: they copy what lies in it. */
export function untransferableMemory(bytes: number): Buffer {
  const memory = Buffer.allocUnsafeSlow(bytes);
  // Loaded with the first value that needs it: it takes as long as a tenth of a client's start.
  process.getBuiltinModule('node:worker_threads').markAsUntransferable(memory.buffer);
  return memory;
}
