import type { Command } from '../arguments/command.js';
import { JsonText, textTranscoder } from '../documents/json-text.js';
import { sessionNotes, sessionOptions } from '../session/bucket-session.js';
import { forEachKey } from '../session/each-key.js';
import { printLine, type Terminal } from '../terminal/terminal.js';

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
  notes: ['Strings and bytes are printed as they are, everything else as JSON in one line.', '', ...sessionNotes],
  run(args, terminal) {
    return forEachKey('get', args, terminal, async (bucket, key) => {
      bucket.transcoder = textTranscoder;
      const { value, cas } = await bucket.get(key);
      if (!args.flag('json')) printValue(terminal, value);
      else printLine(terminal, `{"id":${JSON.stringify(key)},"doc":${lineOf(value)},"cas":"${cas}"}`);
    });
  },
};

function lineOf(value: unknown): string {
  return value instanceof JsonText ? value.line : JSON.stringify(value);
}

function printValue(terminal: Terminal, value: unknown): void {
  if (value instanceof Uint8Array) terminal.stdout.write(value);
  else printLine(terminal, value instanceof JsonText ? shownText(value.line) : String(value));
}

/** Returns a string as it is, and everything else as it is stored, in one line. */
function shownText(text: string): string {
  return text.startsWith('"') ? String(JSON.parse(text)) : text;
}
