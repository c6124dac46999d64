import { createInterface, type Interface } from 'node:readline';
import type { Bucket } from '@cb/promise';
import { printLine, type Terminal } from '../terminal/terminal.js';
import { UsageError } from '../terminal/usage-error.js';
import { HISTORY_LINES_MAX, type HistoryFile } from './history-file.js';
import { runWord } from './shell-words.js';
import { runStatement, type StatementSettings } from './statement-run.js';
import { splitStatements } from './statements.js';
import { TypedLines } from './typed-lines.js';

/** A terminal at which statements are typed, one after the other. */
export class Shell {
  readonly #bucket: Bucket;
  readonly #terminal: Terminal;
  readonly #history: HistoryFile;
  #settings: StatementSettings;
  /** What was typed and is not a complete statement. */
  #typed = '';
  #running: AbortController | undefined = undefined;
  #isEnding = false;

  constructor(bucket: Bucket, terminal: Terminal, history: HistoryFile, settings: StatementSettings) {
    this.#bucket = bucket;
    this.#terminal = terminal;
    this.#history = history;
    this.#settings = settings;
  }

  /** Reads statements and runs them, to the end of the input. */
  async run(): Promise<void> {
    const { stdin, stdout, stderr } = this.#terminal;
    let remembered: readonly string[] = await this.#history.read();
    printLine(this.#terminal, 'Statements end with a semicolon; .help shows what else there is.');
    const editor = createInterface({
      input: stdin,
      output: stdout,
      terminal: true,
      history: [...remembered],
      historySize: HISTORY_LINES_MAX,
      removeHistoryDuplicates: true,
    });
    editor.on('history', (all: string[]) => {
      remembered = [...all];
    });
    const lines = new TypedLines(editor);
    editor.on('SIGINT', () => this.#interrupt(editor, lines));
    try {
      while (!this.#isEnding) {
        if (!lines.isAhead) this.#prompt(editor);
        const line = await lines.next();
        if (line === undefined) break;
        await this.#take(line);
      }
    } finally {
      editor.close();
    }
    await this.#history.write(remembered).catch((error: Error) => {
      stderr.write(`the history cannot be kept: ${error.message}\n`);
    });
  }

  #prompt(editor: Interface): void {
    const { scope } = this.#settings;
    const name = scope === undefined ? this.#bucket.bucket : `${this.#bucket.bucket}.${scope}`;
    editor.setPrompt(this.#typed === '' ? `${name}> ` : `${' '.repeat(name.length)}> `);
    editor.prompt();
  }

  /** Cancels what is running, or forgets what was typed. */
  #interrupt(editor: Interface, lines: TypedLines): void {
    lines.clear();
    if (this.#running !== undefined) {
      this.#running.abort();
      return;
    }
    const isNothing = this.#typed === '' && editor.line === '';
    this.#typed = '';
    editor.write(null, { ctrl: true, name: 'e' });
    editor.write(null, { ctrl: true, name: 'u' });
    this.#terminal.stdout.write(isNothing ? '\n.quit or Ctrl-D ends.\n' : '^C\n');
    this.#prompt(editor);
  }

  async #take(line: string): Promise<void> {
    if (this.#typed === '' && line.trimStart().startsWith('.')) {
      this.#runWord(line.trim());
      return;
    }
    const { statements, rest } = splitStatements(`${this.#typed}${line}\n`);
    this.#typed = rest;
    for (const statement of statements) {
      if (!(await this.#runStatement(statement))) return;
    }
  }

  #runWord(line: string): void {
    try {
      const { settings = this.#settings, lines = [], isEnd = false } = runWord(line, this.#settings);
      this.#settings = settings;
      this.#isEnding = isEnd;
      for (const each of lines) printLine(this.#terminal, each);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.#terminal.stderr.write(`${error.message}\n`);
    }
  }

  async #runStatement(statement: string): Promise<boolean> {
    const running = new AbortController();
    this.#running = running;
    try {
      return await runStatement(this.#bucket, this.#terminal, statement, this.#settings, running.signal);
    } finally {
      this.#running = undefined;
    }
  }
}
