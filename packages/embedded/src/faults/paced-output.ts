import type { Split } from './fault-rule.js';

/** What is done to the bytes of an answer on their way out. */
export interface Distortion {
  readonly split?: Split | undefined;
  readonly truncate?: number | undefined;
  /** Bytes after which the connection breaks. */
  readonly resetAfter?: number | undefined;
}

/** Where the bytes go. */
export interface Outlet {
  write(bytes: Buffer): void;
  /** Breaks the connection at once. */
  reset(): void;
  /** Runs the action after this many milliseconds; 0 for the next turn of the event loop. */
  later(ms: number, action: () => void): void;
}

type Step = Buffer | 'reset' | 'end';

/** Sends bytes in order, some of them in pieces, cut short, or followed by a broken connection. */
export class PacedOutput {
  readonly #outlet: Outlet;
  #steps: { readonly step: Step; readonly waitMs: number | undefined }[] = [];
  #queuedBytes = 0;
  #isWaiting = false;
  #isSilent = false;
  #onEnd: (() => void) | undefined;

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  /** True while bytes wait for their turn. */
  get isBusy(): boolean {
    return this.#steps.length > 0;
  }

  /** True when nothing more is sent. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Takes bytes, which it may keep. Nothing is sent any more behind those that were truncated. */
  send(bytes: Buffer, { split, truncate, resetAfter }: Distortion): void {
    if (this.#isSilent) return;
    const length = Math.min(bytes.length, truncate ?? bytes.length, resetAfter ?? bytes.length);
    const size = split?.bytes ?? length;
    for (let at = 0; at < length; at += size) {
      const piece = bytes.subarray(at, Math.min(at + size, length));
      this.#queuedBytes += piece.length;
      this.#steps.push({ step: piece, waitMs: at > 0 ? split?.everyMs : undefined });
    }
    if (resetAfter !== undefined && resetAfter <= (truncate ?? resetAfter)) {
      // The last piece must be on its way: a connection that breaks forgets what it has not sent.
      this.#steps.push({ step: 'reset', waitMs: 0 });
      this.#isSilent = true;
    } else if (truncate !== undefined) {
      this.#isSilent = true;
    }
    this.#run();
  }

  /** Calls back when everything is sent, and never after bytes that were truncated. */
  end(onEnd: () => void): void {
    if (this.#isSilent) return;
    this.#onEnd = onEnd;
    this.#steps.push({ step: 'end', waitMs: undefined });
    this.#run();
  }

  #run(): void {
    while (!this.#isWaiting && this.#steps.length > 0) {
      const { step, waitMs } = this.#steps[0]!;
      if (waitMs === undefined) {
        this.#take(step);
        continue;
      }
      this.#isWaiting = true;
      this.#outlet.later(waitMs, () => {
        this.#isWaiting = false;
        this.#take(step);
        this.#run();
      });
    }
  }

  #take(step: Step): void {
    this.#steps.shift();
    if (step === 'reset') {
      this.#outlet.reset();
    } else if (step === 'end') {
      this.#onEnd?.();
    } else {
      this.#queuedBytes -= step.length;
      this.#outlet.write(step);
    }
  }
}
