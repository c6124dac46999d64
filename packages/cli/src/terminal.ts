import type { Readable, Writable } from 'node:stream';

/** What a command sees of the world around it. `process` is one; tests bring their own. */
export interface Terminal {
  readonly stdin: Readable & {
    readonly isTTY?: boolean;
    readonly fd?: number;
    /** Of a terminal: every key at once, and none of them shown. */
    setRawMode?(isRaw: boolean): unknown;
  };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

export function printLine(terminal: Terminal, line: string): void {
  terminal.stdout.write(`${line}\n`);
}
