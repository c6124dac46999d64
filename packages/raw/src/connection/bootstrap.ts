import { type Frame, type FrameWriter, Magic, ProtocolError, type ScramMechanism } from '@cb/protocol';
import type { IOPS } from '../iops/iops.js';
import { type BootstrapOutcome, BootstrapSession, type BootstrapSettings } from './bootstrap-session.js';
import { type BootstrapStep, firstFlight, flightAfter } from './bootstrap-steps.js';

/** Writes the next step; true when the handshake is complete. */
export type BootstrapAction = (block: FrameWriter) => boolean;

/**
 * The handshake of one connection, run from a table of steps. Independent steps travel together, a
 * flight at a time; an answer counts only when all before it were good.
 */
export class Bootstrap {
  readonly #session: BootstrapSession;
  readonly #iops: IOPS;
  readonly #resume: (step: BootstrapAction) => void;
  #flight: readonly BootstrapStep[] = [];
  #answered = 0;

  /** @param resume takes a step that no answer brings, and that may throw what ends the connection. */
  constructor(settings: BootstrapSettings, host: string, iops: IOPS, resume: (step: BootstrapAction) => void) {
    this.#session = new BootstrapSession(settings, host, (count) => iops.randomBytes(count));
    this.#iops = iops;
    this.#resume = resume;
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
    this.#flight = next;
    this.#answered = 0;
    if (this.#hasSaltedPassword()) this.#depart(next, block);
    else this.#saltPassword(next);
    return false;
  }

  /** Whether the password is salted, if that is needed. */
  #hasSaltedPassword(): boolean {
    const session = this.#session;
    const { challenge, mechanism, settings } = session;
    if (challenge === undefined || mechanism === 'PLAIN') return true;
    session.saltedPassword = settings.saltedPasswords.kept(mechanism, challenge);
    return session.saltedPassword !== undefined;
  }

  /** Continues the flight after that, which takes some milliseconds, or a second where a server demands it. */
  #saltPassword(next: readonly BootstrapStep[]): void {
    const { challenge, mechanism, settings } = this.#session;
    const { password } = settings.credentials!.reveal();
    settings.saltedPasswords.derive(this.#iops, mechanism as ScramMechanism, challenge!, password, (error, salted) => {
      this.#resume((block) => {
        if (error !== null) throw error;
        this.#session.saltedPassword = salted;
        this.#depart(next, block);
        return false;
      });
    });
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
