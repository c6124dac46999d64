import type { Readable, Writable } from 'node:stream';

/** The environment of a command. `process` is one; tests have their own. */
export interface Terminal {
  /** Where input comes from. */
  readonly stdin: Readable & {
    readonly isTTY?: boolean;
    readonly fd?: number;
    /** Of a terminal: delivers every key at once, and does not show it. */
    setRawMode?(isRaw: boolean): unknown;
  };
  /** Where output goes. */
  readonly stdout: Writable & {
    readonly isTTY?: boolean;
    /** Width of a terminal. */
    readonly columns?: number;
  };
  /** Where messages go. */
  readonly stderr: Writable;
  /** The environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The id of the process. */
  readonly pid: number;
  /** Listens for a signal. */
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  /** Stops listening for a signal. */
  off(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

export function printLine(terminal: Terminal, line: string): void {
  terminal.stdout.write(`${line}\n`);
}
