import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Terminal } from '../src/terminal.js';

/** A terminal whose output can be read back, and whose input ends at once unless a text is given. */
export class RecordingTerminal extends EventEmitter implements Terminal {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly env: Record<string, string | undefined>;
  readonly pid = process.pid;
  #printed = '';
  #complaint = '';

  constructor(input = '', env: Record<string, string | undefined> = {}) {
    super();
    this.env = env;
    this.stdin.end(input);
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
