/** Maximum number of warnings of a cluster: clients can cause any number of them. */
const WARNINGS_MAX = 1000;
/** Maximum length of a warning, in characters. */
const WARNING_LENGTH_MAX = 1000;

/** The warnings of a cluster: each once, readable, and limited in number. */
export class Warnings {
  readonly #told = new Set<string>();
  readonly #sink: (message: string) => void;

  constructor(sink: (message: string) => void) {
    this.#sink = sink;
  }

  /** @param kind identifies the warning; default the message itself */
  tell(message: string, kind = message): void {
    const key = kind.slice(0, WARNING_LENGTH_MAX);
    if (this.#told.size >= WARNINGS_MAX || this.#told.has(key)) return;
    this.#told.add(key);
    this.#sink(printable(message.slice(0, WARNING_LENGTH_MAX)));
    if (this.#told.size === WARNINGS_MAX) this.#sink(`these were ${WARNINGS_MAX} warnings, and the last ones`);
  }
}

/** Control characters would affect a terminal, and line ends would make one message look like two. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });
}
