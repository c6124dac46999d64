import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Terminal } from '../src/terminal/terminal.js';

/**
 * A terminal whose output can be read back. Its input ends at once unless a text, or pieces of it, are given; that of null
 * stays open.
 */
export class RecordingTerminal extends EventEmitter implements Terminal {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly env: Record<string, string | undefined>;
  readonly pid = process.pid;
  #printed = '';
  #complaint = '';

  constructor(
    input: string | null = '',
    env: Record<string, string | undefined> = {},
    pieces: readonly (string | Buffer)[] = [],
  ) {
    super();
    this.env = env;
    for (const piece of pieces) this.stdin.write(piece);
    if (input === null) return;
    if (pieces.length === 0 || input !== '') this.stdin.end(input);
    else setImmediate(() => this.stdin.end());
  }

  /** What was printed so far. */
  get printed(): string {
    this.#printed += this.stdout.read()?.toString() ?? '';
    return this.#printed;
  }

  /** What was complained about so far. */
  get complaint(): string {
    this.#complaint += this.stderr.read()?.toString() ?? '';
    return this.#complaint;
  }
}
