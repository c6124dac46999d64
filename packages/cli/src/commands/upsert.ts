import { buffer } from 'node:stream/consumers';
import { FMT_BYTES, FMT_JSON, FMT_UTF8, type Format } from '@cb/raw';
import type { Command } from '../arguments/command.js';
import { JsonText, textTranscoder } from '../documents/json-text.js';
import { bucketTarget, sessionNotes, sessionOptions, useBucket } from '../session/bucket-session.js';
import { ExitCode } from '../terminal/exit-code.js';
import { printLine } from '../terminal/terminal.js';
import { UsageError } from '../terminal/usage-error.js';

const TTL_SECONDS_MAX = 0xffffffff;

export const upsertCommand: Command = {
  name: 'upsert',
  summary: 'Store a document, whether or not it exists',
  operands: '<key> [<value>]',
  operandsMin: 1,
  operandsMax: 2,
  options: {
    ...sessionOptions,
    format: { type: 'string', value: 'WORD', help: 'Type of the value: json (the default), string or bytes' },
    ttl: { type: 'string', value: 'SECONDS', help: 'Seconds until the document expires, or a Unix time (never)' },
  },
  notes: ['Without a value it is read from the standard input.', '', ...sessionNotes],
  async run(args, terminal) {
    const [key = '', given] = args.operands;
    const format = args.choice('format', ['json', 'string', 'bytes']) ?? 'json';
    const ttl = args.whole('ttl', 0, TTL_SECONDS_MAX) ?? 0;
    const target = await bucketTarget(args, terminal);
    const bytes = given === undefined ? await buffer(terminal.stdin) : Buffer.from(given);
    const stored = asValue(bytes, format);
    return await useBucket(target, async (bucket) => {
      bucket.transcoder = textTranscoder;
      const { cas } = await bucket.upsert(key, stored.value, { format: stored.format, ttl });
      printLine(terminal, `${key}: stored with cas ${cas}`);
      return ExitCode.success;
    });
  },
};

function asValue(bytes: Buffer, format: 'json' | 'string' | 'bytes'): { value: unknown; format: Format } {
  if (format === 'bytes') return { value: bytes, format: FMT_BYTES };
  const text = bytes.toString('utf8');
  if (format === 'string') return { value: text, format: FMT_UTF8 };
  try {
    return { value: new JsonText(text), format: FMT_JSON };
  } catch (error) {
    throw new UsageError(`the value is not JSON (${(error as Error).message}); use --format string for text`);
  }
}
