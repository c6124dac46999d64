import { type Frame, type FrameWriter, Magic, ProtocolError } from '@cb/protocol';
import { type BootstrapOutcome, BootstrapSession, type BootstrapSettings } from './bootstrap-session.js';
import { type BootstrapStep, firstFlight, flightAfter } from './bootstrap-steps.js';

/**
 * The handshake of one connection, run from a table of steps. Steps that need nothing from each other travel together,
 * a flight at a time; an answer counts only when all before it were good.
 */
export class Bootstrap {
  readonly #session: BootstrapSession;
  #flight: readonly BootstrapStep[] = [];
  #answered = 0;

  constructor(settings: BootstrapSettings, host: string, randomBytes: (count: number) => Buffer) {
    this.#session = new BootstrapSession(settings, host, randomBytes);
  }

  /** The name of the step whose answer is awaited. */
  get step(): string {
    return this.#flight[this.#answered]?.name ?? 'bootstrap';
  }

  get outcome(): BootstrapOutcome {
    return this.#session;
  }

  /** Writes the first flight. False: nothing was answered yet. */
  start(block: FrameWriter): boolean {
    this.#depart(firstFlight(this.#session), block);
    return false;
  }

  /**
   * Takes the answer to the next step and writes what follows from it. True when the handshake is complete.
   * @throws CouchbaseError with what ends the connection.
   */
  answer(frame: Frame, block: FrameWriter): boolean {
    const step = this.#flight[this.#answered];
    if (step === undefined || frame.opaque !== this.#answered || frame.opcode !== step.opcode) {
      throw new ProtocolError(`an answer to opcode 0x${frame.opcode.toString(16)} came where ${this.step} was awaited`);
    }
    step.read(this.#session, frame);
    this.#answered++;
    if (this.#answered < this.#flight.length) return false;
    const next = flightAfter(this.#flight, this.#session);
    if (next === undefined) return true;
    this.#depart(next, block);
    return false;
  }

  #depart(flight: readonly BootstrapStep[], block: FrameWriter): void {
    this.#flight = flight;
    this.#answered = 0;
    flight.forEach((step, index) => {
      block.begin(Magic.Request, step.opcode);
      step.write?.(this.#session, block);
      block.end(0, 0, index, 0, 0);
    });
  }
}
