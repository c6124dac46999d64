import { sessionNotes, sessionOptions } from '../bucket-session.js';
import type { Command } from '../command.js';
import { forEachKey } from '../each-key.js';
import { printLine, type Terminal } from '../terminal.js';

export const getCommand: Command = {
  name: 'get',
  summary: 'Print documents',
  operands: '<key>...',
  operandsMin: 1,
  operandsMax: Number.POSITIVE_INFINITY,
  options: {
    ...sessionOptions,
    json: { type: 'boolean', help: 'Print {"id","doc","cas"} a line, which cb serve --load takes' },
  },
  notes: ['Strings and bytes are printed as they are, everything else as JSON.', '', ...sessionNotes],
  run(args, terminal) {
    return forEachKey('get', args, terminal, async (bucket, key) => {
      const { value, cas } = await bucket.get(key);
      if (args.flag('json')) printLine(terminal, JSON.stringify({ id: key, doc: value, cas: String(cas) }));
      else printValue(terminal, value);
    });
  },
};

function printValue(terminal: Terminal, value: unknown): void {
  if (value instanceof Uint8Array) terminal.stdout.write(value);
  else printLine(terminal, typeof value === 'string' ? value : JSON.stringify(value));
}
