import type { Command } from '../arguments/command.js';
import { sessionNotes, sessionOptions } from '../session/bucket-session.js';
import { forEachKey } from '../session/each-key.js';
import { printLine } from '../terminal/terminal.js';

export const rmCommand: Command = {
  name: 'rm',
  summary: 'Remove documents',
  operands: '<key>...',
  operandsMin: 1,
  operandsMax: Number.POSITIVE_INFINITY,
  options: sessionOptions,
  notes: sessionNotes,
  run(args, terminal) {
    return forEachKey('rm', args, terminal, async (bucket, key) => {
      const { cas } = await bucket.remove(key);
      printLine(terminal, `${key}: removed with cas ${cas}`);
    });
  },
};
