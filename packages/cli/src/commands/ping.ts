import type { Command } from '../arguments/command.js';
import { sessionNotes, sessionOptions, withBucket } from '../session/bucket-session.js';
import { ExitCode } from '../terminal/exit-code.js';
import { printLine } from '../terminal/terminal.js';

const COUNT_MAX = 1_000_000;

export const pingCommand: Command = {
  name: 'ping',
  summary: 'Connect, and send a few no-ops',
  operands: '',
  operandsMin: 0,
  operandsMax: 0,
  options: {
    ...sessionOptions,
    count: { type: 'string', short: 'n', value: 'N', help: 'Number of no-ops (3)' },
  },
  notes: sessionNotes,
  async run(args, terminal) {
    const count = args.whole('count', 1, COUNT_MAX) ?? 3;
    const startedAt = performance.now();
    return await withBucket(args, terminal, async (bucket) => {
      printLine(terminal, `connected to ${bucket.serverNodes.join(', ')} in ${since(startedAt)}`);
      for (let turn = 0; turn < count; turn++) {
        const askedAt = performance.now();
        await bucket.noop();
        printLine(terminal, `answered in ${since(askedAt)}`);
      }
      return ExitCode.success;
    });
  },
};

function since(startedAt: number): string {
  return `${(performance.now() - startedAt).toFixed(2)} ms`;
}
