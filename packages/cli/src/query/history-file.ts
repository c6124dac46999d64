import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Maximum number of lines that are kept. */
export const HISTORY_LINES_MAX = 1000;

/** The lines that were typed in earlier sessions. */
export class HistoryFile {
  readonly #path: string | undefined;

  /** @param path where the file is; undefined when nothing is kept */
  constructor(path: string | undefined) {
    this.#path = path;
  }

  /**
   * Returns the file of an environment: `CB_HISTORY`, else `.cb_history` in the home directory. An empty `CB_HISTORY` keeps
   * nothing.
   */
  static of(env: Readonly<Record<string, string | undefined>>): HistoryFile {
    const { CB_HISTORY: path, HOME: home = env['USERPROFILE'] } = env;
    if (path !== undefined) return new HistoryFile(path === '' ? undefined : path);
    return new HistoryFile(home === undefined ? undefined : join(home, '.cb_history'));
  }

  /** Reads the lines, the latest first; none when there is no such file, or it cannot be read. */
  async read(): Promise<string[]> {
    if (this.#path === undefined) return [];
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .reverse()
      .slice(0, HISTORY_LINES_MAX);
  }

  /**
   * Writes the lines, of which the latest is the first. Only the user may read them: statements have data in them.
   * @throws the error of the system when the file cannot be written
   */
  async write(lines: readonly string[]): Promise<void> {
    if (this.#path === undefined || lines.length === 0) return;
    const kept = lines.slice(0, HISTORY_LINES_MAX).toReversed();
    await writeFile(this.#path, `${kept.join('\n')}\n`, { mode: 0o600 });
  }
}
