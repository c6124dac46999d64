import type { Transport } from '../net/transport.js';
import type { Clock } from '../time/clock.js';
import { type Distortion, PacedOutput } from './paced-output.js';

/** A transport on which some answers leave distorted; what is written behind them keeps its place. */
export class FaultyTransport implements Transport {
  readonly #inner: Transport;
  readonly #output: PacedOutput;
  readonly #onDrained: () => void;

  constructor(inner: Transport, clock: Clock, onDrained: () => void) {
    this.#inner = inner;
    this.#onDrained = onDrained;
    this.#output = new PacedOutput({
      write: (bytes) => void inner.write(bytes),
      reset: () => this.reset(),
      later: (ms, action) => {
        const goOn = (): void => {
          action();
          if (!this.#output.isBusy) this.#onDrained();
        };
        if (ms === 0 && inner.soon !== undefined) inner.soon(goOn);
        else clock.after(ms, goOn);
      },
    });
  }

  get backlogBytes(): number {
    return this.#inner.backlogBytes + this.#output.queuedBytes;
  }

  write(bytes: Buffer): boolean {
    this.#output.send(Buffer.from(bytes), {});
    return true;
  }

  /** Takes the bytes of an answer, which it may keep. */
  distort(bytes: Buffer, distortion: Distortion): void {
    this.#output.send(bytes, distortion);
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  close(): void {
    if (this.#output.isSilent) this.#inner.close();
    else this.#output.end(() => this.#inner.close());
  }

  reset(): void {
    if (this.#inner.reset === undefined) this.#inner.close();
    else this.#inner.reset();
  }
}
