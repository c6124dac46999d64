import type { Bucket } from '@cb/promise';
import { CouchbaseError } from '@cb/protocol';
import type { Arguments } from './arguments.js';
import { withBucket } from './bucket-session.js';
import { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** Calls a function for each key in turn. A failure is printed on the standard error, and the other keys follow. */
export function forEachKey(
  name: string,
  args: Arguments,
  terminal: Terminal,
  action: (bucket: Bucket, key: string) => Promise<void>,
): Promise<ExitCode> {
  return withBucket(args, terminal, async (bucket) => {
    let status: ExitCode = ExitCode.success;
    for (const key of args.operands) {
      try {
        await action(bucket, key);
      } catch (error) {
        if (!(error instanceof CouchbaseError)) throw error;
        terminal.stderr.write(`cb ${name}: ${key}: ${error.message}\n`);
        status = ExitCode.failure;
      }
    }
    return status;
  });
}
