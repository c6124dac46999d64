import type { HoldUp } from '../time/hold-up.js';
import type { Schedule, Scheduled } from './schedule.js';

/** Something that a loop will do, unless it is cancelled. */
interface Task {
  readonly action: () => void;
  isCancelled: boolean;
}

/**
 * Where in a turn the program keeps its loop busy: at its end, or after the sockets were read and before timers without
 * delay fire.
 */
export type BusyPhase = 'end' | 'check';

type Phase = 'timers' | 'sockets' | 'immediates';

/** Deliveries in one turn: a peer that sends without end does not keep the loop for itself. */
const DELIVERIES_MAX = 1000;

/**
 * The event loop of one process in virtual time. What it does takes no time, unless it is kept busy: then nothing of it
 * happens until that ends, and after it one turn in the order of libuv: timers that are overdue; sockets, read until
 * nothing is left; timers without delay.
 */
export class EventLoop {
  readonly #schedule: Schedule;
  readonly #tasks: Readonly<Record<Phase, Task[]>> = { timers: [], sockets: [], immediates: [] };
  #phase: Phase = 'timers';
  /** How many more tasks the phase has. */
  #left = 0;
  #isTurning = false;
  /** Undefined unless it is held up. */
  #heldSince: number | undefined = undefined;
  readonly #holdUps: HoldUp[] = [];
  #turnUsecs = 0;
  #turnsLeft = 0;
  #busyPhase: BusyPhase = 'end';

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Calls `action` after this many microseconds; later when the loop is blocked then. */
  after(usecs: number, action: () => void): Scheduled {
    const task: Task = { action, isCancelled: false };
    const tasks = usecs > 0 ? this.#tasks.timers : this.#tasks.immediates;
    if (usecs <= 0 && this.isBusy) tasks.push(task);
    else this.#schedule.after(usecs, () => this.#run(tasks, task));
    return {
      cancel: () => {
        task.isCancelled = true;
      },
    };
  }

  /** Calls `action`, which deals with a socket, within this call; later when the loop is held up. */
  deliver(action: () => void): void {
    this.#run(this.#tasks.sockets, { action, isCancelled: false });
  }

  /**
   * Blocks the loop from now on, for a number of turns of a number of microseconds. Does nothing while it is blocked
   * already.
   */
  keepBusy(turnUsecs: number, turns: number, phase: BusyPhase = 'end'): void {
    if (this.isBusy) return;
    this.#turnUsecs = turnUsecs;
    this.#turnsLeft = turns;
    this.#busyPhase = phase;
    if (phase === 'end') this.#hold();
    else this.#turn();
  }

  /** Ends that with the current turn. */
  stop(): void {
    this.#turnsLeft = 0;
  }

  /** False when everything happens at its time. */
  get isBusy(): boolean {
    return this.#isTurning || this.#heldSince !== undefined;
  }

  /** The times in which it was held up. */
  get holdUps(): readonly HoldUp[] {
    return this.#holdUps;
  }

  #run(tasks: Task[], task: Task): void {
    if (this.isBusy) tasks.push(task);
    else if (!task.isCancelled) task.action();
  }

  #hold(): void {
    this.#turnsLeft--;
    this.#heldSince = this.#schedule.now;
    this.#schedule.after(this.#turnUsecs, () => this.#goOn());
  }

  #goOn(): void {
    this.#holdUps.push({ from: this.#heldSince!, until: this.#schedule.now });
    this.#heldSince = undefined;
    if (this.#isTurning) this.#enter('immediates');
    else this.#turn();
  }

  #turn(): void {
    this.#isTurning = true;
    this.#enter('timers');
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#left = phase === 'sockets' ? DELIVERIES_MAX : this.#tasks[phase].length;
    this.#schedule.after(0, () => this.#step());
  }

  /** Does one thing, and lets the promises settle that follow from it. */
  #step(): void {
    const task = this.#left-- > 0 ? this.#tasks[this.#phase].shift() : undefined;
    if (task === undefined) {
      this.#endPhase();
    } else {
      if (!task.isCancelled) task.action();
      this.#schedule.after(0, () => this.#step());
    }
  }

  #endPhase(): void {
    if (this.#phase === 'timers') this.#enter('sockets');
    else if (this.#phase === 'immediates') this.#endTurn();
    else if (this.#busyPhase === 'check' && this.#turnsLeft > 0) this.#hold();
    else this.#enter('immediates');
  }

  #endTurn(): void {
    this.#isTurning = false;
    const { timers, sockets, immediates } = this.#tasks;
    if (this.#turnsLeft > 0 && this.#busyPhase === 'end') this.#hold();
    else if (this.#turnsLeft > 0 || timers.length + sockets.length + immediates.length > 0) this.#turn();
  }
}
