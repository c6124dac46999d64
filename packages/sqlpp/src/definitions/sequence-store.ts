import type { SequenceCatalog, SequenceName } from '../keyspaces/sequence-catalog.js';
import { StatementError } from '../text/syntax-error.js';
import type { ObjectValue } from '../values/value.js';
import {
  CACHE_DEFAULT,
  SEQUENCE_MAX,
  SEQUENCE_MIN,
  Sequence,
  type SequenceSettings,
  type SequenceState,
} from './sequence.js';
import { type SequenceFault, sequenceFault } from './sequence-fault.js';
import { WithOptions } from './with-options.js';

const CREATE_OPTIONS = ['start', 'cache', 'increment', 'min', 'max', 'cycle'];
const ALTER_OPTIONS = ['restart', 'cache', 'increment', 'min', 'max', 'cycle'];

const DEFAULTS: SequenceSettings = {
  start: 0n,
  increment: 1n,
  min: SEQUENCE_MIN,
  max: SEQUENCE_MAX,
  cache: CACHE_DEFAULT,
  cycle: false,
};

/** A sequence that is kept. */
export interface SequenceEntry {
  /** Its full name. */
  readonly name: SequenceName;
  /** Its settings, and how far it is. */
  readonly state: SequenceState;
}

/** Sequences in memory, by their names. */
export class SequenceStore implements SequenceCatalog {
  readonly #sequences = new Map<string, { readonly name: SequenceName; readonly sequence: Sequence }>();

  /** All sequences with their state, in the order of their creation. */
  *entries(): Generator<SequenceEntry> {
    for (const { name, sequence } of this.#sequences.values()) yield { name, state: sequence.state };
  }

  /** Creates a sequence. @throws StatementError if it is there, or for an option that is unknown or of another type */
  create(name: SequenceName, options: ObjectValue): void {
    const text = sequenceText(name);
    const settings = readOrFault('create', text, () => newSettings(options));
    if (this.#sequences.has(text)) throw sequenceFault('duplicate', text);
    this.#sequences.set(text, { name, sequence: new Sequence(settings) });
  }

  /** Changes a sequence. @throws StatementError if it is not there, or for an option that is unknown or of another type */
  alter(name: SequenceName, options: ObjectValue): void {
    const text = sequenceText(name);
    const withOptions = readOrFault('alter', text, () => new WithOptions(options, ALTER_OPTIONS));
    const sequence = this.#find(name);
    const { settings } = sequence;
    const change = readOrFault('alter', text, () => changed(settings, withOptions));
    const restart = readOrFault('alter', text, () => restartOf(settings, withOptions));
    sequence.change(change, restart);
  }

  /** Drops a sequence. @throws StatementError if it is not there */
  drop(name: SequenceName): void {
    if (!this.#sequences.delete(sequenceText(name))) throw sequenceFault('not_found', sequenceText(name));
  }

  /** Draws the next value. @throws StatementError if it has none, or is not there */
  next(name: SequenceName): bigint {
    const value = this.#find(name).next();
    if (value === undefined) throw sequenceFault('exhausted', sequenceText(name));
    return value;
  }

  /** Returns the value drawn last; undefined if none was. @throws StatementError if it is not there */
  previous(name: SequenceName): bigint | undefined {
    return this.#find(name).previous;
  }

  #find(name: SequenceName): Sequence {
    const found = this.#sequences.get(sequenceText(name));
    if (found === undefined) throw sequenceFault('not_found', sequenceText(name));
    return found.sequence;
  }
}

/** Prints a name as messages do. */
export function sequenceText({ namespace, bucket, scope, name }: SequenceName): string {
  const shown = (part: string): string => (part.includes('.') ? `\`${part}\`` : part);
  return `${namespace}:${[bucket, scope, name].map(shown).join('.')}`;
}

/** What is wrong with the options is told below the error of the statement. */
function readOrFault<T>(fault: SequenceFault, text: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof StatementError ? sequenceFault(fault, text, error) : error;
  }
}

function newSettings(options: ObjectValue): SequenceSettings {
  const read = new WithOptions(options, CREATE_OPTIONS);
  const settings = changed(DEFAULTS, read);
  const { increment, min, max } = settings;
  if (min >= max) throw sequenceFault('range', `${min} to ${max}`);
  return { ...settings, start: read.integer('start') ?? startOf(increment, read.integer('min'), read.integer('max')) };
}

/** Without a start, a sequence begins at the limit that it goes away from. */
function startOf(increment: bigint, min: bigint | undefined, max: bigint | undefined): bigint {
  return (increment < 0n ? max : min) ?? DEFAULTS.start;
}

function changed(settings: SequenceSettings, options: WithOptions): SequenceSettings {
  const cache = options.integer('cache');
  if (cache !== undefined && cache <= 0n) throw sequenceFault('cache', `${cache}`);
  const next: SequenceSettings = {
    start: settings.start,
    increment: options.integer('increment') ?? settings.increment,
    min: options.integer('min') ?? settings.min,
    max: options.integer('max') ?? settings.max,
    cache: cache ?? settings.cache,
    cycle: options.flag('cycle') ?? settings.cycle,
  };
  if (next.min > next.max) throw sequenceFault('range', `${next.min} to ${next.max}`);
  return next;
}

/** Where ALTER makes a sequence go on; its start for RESTART without a value. */
function restartOf({ start }: SequenceSettings, options: WithOptions): bigint | undefined {
  if (!options.isFlag('restart')) return options.integer('restart');
  return options.flag('restart') === true ? start : undefined;
}
