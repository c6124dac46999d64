import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** An exchange whose answer differs from the recorded one, and why that is right. */
export interface Exception {
  readonly group: string;
  readonly name: string;
  readonly reason: string;
}

/** The listed exceptions. */
export const EXCEPTIONS: readonly Exception[] = JSON.parse(readFileSync(resolve(__dirname, 'exceptions.json'), 'utf8'));
