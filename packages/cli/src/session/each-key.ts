import type { Bucket } from '@cb/promise';
import { CouchbaseError } from '@cb/protocol';
import type { Arguments } from '../arguments/arguments.js';
import { ExitCode } from '../terminal/exit-code.js';
import type { Terminal } from '../terminal/terminal.js';
import { withBucket } from './bucket-session.js';

/** What is printed about a document, by the code of the error. The messages of the library speak of statuses. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['not_found', 'no such document'],
  ['document_exists', 'there is such a document already'],
  ['locked', 'the document is locked'],
  ['access', 'the user may not do that'],
]);

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
        terminal.stderr.write(`cb ${name}: ${key}: ${WORDS.get(error.code) ?? error.message}\n`);
        status = ExitCode.failure;
      }
    }
    return status;
  });
}
