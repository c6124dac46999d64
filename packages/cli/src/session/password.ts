import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import type { Arguments } from '../arguments/arguments.js';
import { CommandFailure } from '../terminal/command-failure.js';
import type { Terminal } from '../terminal/terminal.js';

/** The value of the option that asks for the password. */
const ASK = '-';
const BYTES_MAX = 4096;
const LINE_FEED = 0x0a;

/** The characters that keys of a terminal send. */
const KEYS = { interrupt: '\u0003', end: '\u0004', backspace: '\b', delete: '\u007f' } as const;

/**
 * Returns the option `password`. When it is a hyphen, asks for the password: at a terminal, without showing it;
 * otherwise it is the first line of the standard input, and the rest is left to the command.
 * @throws CommandFailure when there is none.
 */
export async function passwordOption(args: Arguments, terminal: Terminal): Promise<string | undefined> {
  const given = args.text('password');
  if (given !== ASK) return given;
  const { stdin } = terminal;
  try {
    return stdin.isTTY === true ? await typedPassword(terminal) : await firstLine(stdin);
  } finally {
    // After the listeners are removed; the next reader resumes it.
    await new Promise((resolve) => process.nextTick(resolve));
    stdin.pause();
  }
}

async function typedPassword({ stdin, stderr }: Terminal): Promise<string> {
  const decoder = new StringDecoder();
  let typed = '';
  stderr.write('Password: ');
  stdin.setRawMode?.(true);
  try {
    for (let chunk = await nextChunk(stdin); chunk !== undefined; chunk = await nextChunk(stdin)) {
      for (const key of decoder.write(chunk)) {
        if (key === '\r' || key === '\n') return typed;
        if (key === KEYS.interrupt || (key === KEYS.end && typed === '')) throw new CommandFailure('interrupted');
        if (key === KEYS.backspace || key === KEYS.delete) typed = [...typed].slice(0, -1).join('');
        else typed += key;
      }
      checkLength(typed.length);
    }
    throw new CommandFailure('interrupted');
  } finally {
    stdin.setRawMode?.(false);
    stderr.write('\n');
  }
}

async function firstLine(stdin: Terminal['stdin']): Promise<string> {
  let bytes = Buffer.alloc(0);
  for (let chunk = await nextChunk(stdin); chunk !== undefined; chunk = await nextChunk(stdin)) {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf(LINE_FEED);
    checkLength(end === -1 ? bytes.length : end);
    if (end === -1) continue;
    if (end + 1 < bytes.length) stdin.unshift(bytes.subarray(end + 1));
    return bytes.toString('utf8', 0, end).replace(/\r$/, '');
  }
  if (bytes.length === 0) throw new CommandFailure('there is no password on the standard input');
  return bytes.toString('utf8');
}

function checkLength(length: number): void {
  if (length > BYTES_MAX) throw new CommandFailure(`the password is longer than ${BYTES_MAX} bytes`);
}

/** Resolves to the next bytes of a stream; undefined at its end. */
async function nextChunk(stdin: Terminal['stdin']): Promise<Buffer | undefined> {
  for (;;) {
    const chunk: Buffer | null = stdin.read();
    if (chunk !== null) return chunk;
    if (stdin.readableEnded || stdin.destroyed) return undefined;
    const waiting = new AbortController();
    const { signal } = waiting;
    await Promise.race(['readable', 'end', 'close'].map((event) => once(stdin, event, { signal })));
    waiting.abort();
  }
}
