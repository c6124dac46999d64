/** Most warnings that a cluster tells: what clients can cause without end must not fill memory and logs. */
const WARNINGS_MAX = 1000;
/** Longest warning, in characters. */
const WARNING_LENGTH_MAX = 1000;

/** What the people in charge of a cluster are told: each thing once, readable, and not without end. */
export class Warnings {
  readonly #told = new Set<string>();
  readonly #sink: (message: string) => void;

  constructor(sink: (message: string) => void) {
    this.#sink = sink;
  }

  /** @param kind what is told once; default the message itself */
  tell(message: string, kind = message): void {
    const key = kind.slice(0, WARNING_LENGTH_MAX);
    if (this.#told.size >= WARNINGS_MAX || this.#told.has(key)) return;
    this.#told.add(key);
    this.#sink(printable(message.slice(0, WARNING_LENGTH_MAX)));
    if (this.#told.size === WARNINGS_MAX) this.#sink(`these were ${WARNINGS_MAX} warnings, and the last ones`);
  }
}

/** Control characters would do something to a terminal, and line ends would make one message look like two. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });
}
