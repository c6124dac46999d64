import type { Json } from './collation.js';
import { SandboxError } from './sandbox/sandbox.js';

/** One call of `emit`. */
export interface Emission {
  readonly key: Json;
  readonly keyText: string;
  readonly valueText: string;
}

/** What one map function made of one document: rows, or the error that it threw. */
export type Mapped = readonly Emission[] | { readonly error: string };

/** What came out of a batch of documents. */
export interface MapOutput {
  /** For each document what each map function made of it. */
  readonly mapped: readonly (readonly Mapped[])[];
  readonly logged: readonly { readonly document: number; readonly message: string }[];
}

/**
 * Reads the lines that the sandbox answers with (see `prelude.ts`). They come from where user code runs, so nothing
 * about them is taken for granted.
 * @throws SandboxError when they are not as they should be.
 */
export function readMapOutput(text: string, documents: number, functions: number): MapOutput {
  const reader = new LineReader(text.split('\n').slice(0, -1));
  const mapped = Array.from({ length: documents }, () => Array.from({ length: functions }, () => readMapped(reader)));
  const logged = reader.rest().map((line) => {
    const comma = line.indexOf(',');
    return { document: Number(line.slice(0, comma)), message: String(parse(line.slice(comma + 1))) };
  });
  return { mapped, logged };
}

function readMapped(reader: LineReader): Mapped {
  const head = reader.next();
  if (head.startsWith('!')) return { error: String(parse(head.slice(1))) };
  const count = Number(head);
  if (!/^\d+$/.test(head)) throw new SandboxError('the map functions changed what they run in');
  const emissions: Emission[] = [];
  for (let index = 0; index < count; index++) {
    const keyText = reader.next();
    emissions.push({ key: parse(keyText), keyText, valueText: reader.next() });
  }
  return emissions;
}

function parse(json: string): Json {
  try {
    return JSON.parse(json);
  } catch {
    throw new SandboxError('the map functions changed what they run in');
  }
}

class LineReader {
  readonly #lines: readonly string[];
  #at = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  next(): string {
    const line = this.#lines[this.#at++];
    if (line === undefined) throw new SandboxError('the map functions changed what they run in');
    return line;
  }

  /** What is left. */
  rest(): readonly string[] {
    return this.#lines.slice(this.#at);
  }
}
