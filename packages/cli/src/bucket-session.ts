import { type Bucket, connect } from '@cb/promise';
import type { Arguments } from './arguments.js';
import type { OptionTable } from './command.js';
import type { Terminal } from './terminal.js';

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
    help: 'Password; others on this machine can see it: see below',
  },
  timeout: { type: 'string', value: 'MS', help: 'Milliseconds for each operation (2500)' },
};

/** What the help of these commands adds. */
export const sessionNotes: readonly string[] = [
  'CB_SPEC, CB_USERNAME and CB_PASSWORD in the environment stand in for the options that are not given.',
];

/** Connects, lets `use` work with the bucket, and closes it whatever comes of that. */
export async function withBucket<T>(
  args: Arguments,
  { env }: Terminal,
  use: (bucket: Bucket) => Promise<T>,
): Promise<T> {
  const username = args.text('username') ?? env['CB_USERNAME'];
  const password = args.text('password') ?? env['CB_PASSWORD'];
  const timeout = args.whole('timeout', 1, TIMEOUT_MS_MAX);
  await using bucket = await connect(args.text('spec') ?? env['CB_SPEC'] ?? SPEC_DEFAULT, {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(timeout === undefined ? {} : { timeout }),
  });
  return await use(bucket);
}
