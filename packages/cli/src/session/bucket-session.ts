import { type Bucket, type BucketOptions, connect } from '@cb/promise';
import type { Arguments } from '../arguments/arguments.js';
import type { OptionTable } from '../arguments/command.js';
import type { Terminal } from '../terminal/terminal.js';
import { passwordOption } from './password.js';

const SPEC_DEFAULT = 'couchbase://127.0.0.1/default';
const TIMEOUT_MS_MAX = 3_600_000;

/** The options of every command that talks to a bucket. */
export const sessionOptions: OptionTable = {
  spec: { type: 'string', short: 'U', value: 'STRING', help: `Connection string with the bucket (${SPEC_DEFAULT})` },
  username: { type: 'string', short: 'u', value: 'NAME', help: 'User name' },
  password: {
    type: 'string',
    short: 'P',
    value: 'WORD',
    help: 'Password, which other users of this machine can see; - asks for it',
    isSecret: true,
  },
  timeout: { type: 'string', value: 'MS', help: 'Milliseconds for each operation (2500)' },
};

/** Notes in the help of these commands. */
export const sessionNotes: readonly string[] = [
  'CB_SPEC, CB_USERNAME and CB_PASSWORD in the environment replace the options that are not given. With -P - the',
  'password is asked for, or read from the first line of the standard input when that is not a terminal.',
];

/** The bucket's connection string, and the options of the connection. */
export interface BucketTarget {
  readonly spec: string;
  readonly options: BucketOptions;
}

/**
 * Reads the options of the session. Called before anything else reads the standard input, where the password may be.
 */
export async function bucketTarget(args: Arguments, terminal: Terminal): Promise<BucketTarget> {
  const { env } = terminal;
  const username = args.text('username') ?? env['CB_USERNAME'];
  const password = (await passwordOption(args, terminal)) ?? env['CB_PASSWORD'];
  const timeout = args.whole('timeout', 1, TIMEOUT_MS_MAX);
  return {
    spec: args.text('spec') ?? env['CB_SPEC'] ?? SPEC_DEFAULT,
    options: {
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(timeout === undefined ? {} : { timeout }),
    },
  };
}

/** Connects, calls `use` with the bucket, and closes it whatever the outcome. */
export async function useBucket<T>({ spec, options }: BucketTarget, use: (bucket: Bucket) => Promise<T>): Promise<T> {
  await using bucket = await connect(spec, options);
  return await use(bucket);
}

/** Connects and closes likewise, for commands that read nothing else from the standard input. */
export async function withBucket<T>(
  args: Arguments,
  terminal: Terminal,
  use: (bucket: Bucket) => Promise<T>,
): Promise<T> {
  return await useBucket(await bucketTarget(args, terminal), use);
}
