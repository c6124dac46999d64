import type { Change, Failure, Lookup } from './driver.js';

/** With which CAS a write comes: none, the one that is good for it, or one that never was. */
export type CasChoice = 'none' | 'good' | 'wrong';

interface Writing {
  readonly key: string;
  readonly value: unknown;
  readonly ttl: number;
  readonly cas: CasChoice;
}

/** One call, as data; or time that passes. Seconds throughout. */
export type Step =
  | { readonly op: 'get' | 'exists' | 'lookupIn' | 'unlock'; readonly key: string }
  /** With `preserveExpiry`, no time to live is given with it. */
  | (Writing & { readonly op: 'upsert' | 'replace'; readonly preserveExpiry: boolean })
  | (Writing & { readonly op: 'insert' })
  | { readonly op: 'append' | 'prepend'; readonly key: string; readonly text: string; readonly cas: CasChoice }
  | { readonly op: 'remove'; readonly key: string; readonly cas: CasChoice }
  | { readonly op: 'counter'; readonly key: string; readonly delta: number; readonly initial?: number | undefined }
  | { readonly op: 'touch'; readonly key: string; readonly ttl: number }
  | { readonly op: 'getAndTouch'; readonly key: string; readonly ttl: number }
  | { readonly op: 'mutateIn'; readonly key: string; readonly ttl: number; readonly cas: CasChoice }
  | { readonly op: 'lock'; readonly key: string; readonly seconds: number }
  | { readonly op: 'pass'; readonly seconds: number };

/** What a call must answer: why it fails, or the value that it tells, when it tells one. */
export type Outcome = { readonly failure: Failure } | { readonly value?: unknown };

/** What `lookupIn` and `mutateIn` are about. */
export const LOOKUPS: readonly Lookup[] = [{ op: 'get', path: 'n' }];
export const CHANGES: readonly Change[] = [{ op: 'counter', path: 'n', value: 1 }];

interface Entry {
  readonly value: unknown;
  /** Infinity is never. */
  readonly expiry: number;
  readonly lockedUntil: number;
}

const NEVER = Number.POSITIVE_INFINITY;
const MISSING: Outcome = { failure: 'missing' };
const LOCKED: Outcome = { failure: 'locked' };
const EXISTS: Outcome = { failure: 'exists' };
const DONE: Outcome = {};

/** What a bucket is to an application, said as simply as can be: a map of values. */
export class BucketModel {
  readonly #entries = new Map<string, Entry>();
  #now = 0;

  /** The document, if there is one. */
  find(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.expiry > this.#now ? entry : undefined;
  }

  isLocked(key: string): boolean {
    return (this.find(key)?.lockedUntil ?? 0) > this.#now;
  }

  /** Whether the model says what happens; in the few other cases SDKs differ, and the step is left out. */
  covers(step: Step): boolean {
    switch (step.op) {
      case 'append':
      case 'prepend':
        // What comes of joining JSON and text is for nobody to read.
        return this.find(step.key) === undefined || typeof this.find(step.key)?.value === 'string';
      case 'upsert':
      case 'replace':
      case 'remove':
      case 'mutateIn':
        return !(this.isLocked(step.key) && step.cas === 'wrong');
      default:
        return true;
    }
  }

  /** Takes the step, and says what it must answer. */
  take(step: Step): Outcome {
    if (step.op === 'pass') {
      this.#now += step.seconds;
      return DONE;
    }
    const entry = this.find(step.key);
    switch (step.op) {
      case 'exists':
        return { value: entry !== undefined };
      case 'upsert':
        if (entry !== undefined || step.cas !== 'none') return this.#overwrite(step, entry);
        return this.#write({ ...step, ttl: step.preserveExpiry ? 0 : step.ttl });
      case 'insert':
        return entry === undefined ? this.#write(step) : EXISTS;
      case 'replace':
        return this.#overwrite(step, entry);
    }
    if (entry === undefined) return this.#withoutDocument(step);
    return this.#withDocument(step, entry);
  }

  #withoutDocument(step: Step): Outcome {
    if (step.op !== 'counter' || step.initial === undefined) return MISSING;
    this.#put(step.key, step.initial, NEVER);
    return { value: step.initial };
  }

  #withDocument(step: Step, entry: Entry): Outcome {
    switch (step.op) {
      case 'get':
        return { value: entry.value };
      case 'lock':
        if (this.isLocked(step.key)) return LOCKED;
        // Servers count whole seconds: the one that has begun comes on top.
        this.#entries.set(step.key, { ...entry, lockedUntil: this.#now + step.seconds + 1 });
        return { value: entry.value };
      case 'unlock':
        if (!this.isLocked(step.key)) return { failure: 'temporary' };
        this.#entries.set(step.key, { ...entry, lockedUntil: 0 });
        return DONE;
      case 'lookupIn':
        return this.isLocked(step.key) ? LOCKED : look(entry.value);
      case 'counter':
        return this.#count(step, entry);
      case 'touch':
      case 'getAndTouch':
        if (this.isLocked(step.key)) return LOCKED;
        this.#put(step.key, entry.value, this.#expiry(step.ttl));
        return step.op === 'touch' ? DONE : { value: entry.value };
      case 'append':
      case 'prepend':
      case 'remove':
      case 'mutateIn':
        return this.#obstacle(step.key, step.cas) ?? this.#change(step, entry);
      default:
        throw new Error(`${step.op} is not one of these`);
    }
  }

  #change(step: Step & { readonly key: string }, entry: Entry): Outcome {
    switch (step.op) {
      case 'append':
        this.#put(step.key, `${entry.value}${step.text}`, entry.expiry);
        return DONE;
      case 'prepend':
        this.#put(step.key, `${step.text}${entry.value}`, entry.expiry);
        return DONE;
      case 'mutateIn': {
        const looked = look(entry.value);
        if ('failure' in looked && looked.failure !== 'path missing') return looked;
        const n = 'failure' in looked ? 1 : (looked.value as number) + 1;
        this.#put(step.key, { ...(entry.value as object), n }, this.#expiry(step.ttl));
        return { value: n };
      }
      default:
        this.#entries.delete(step.key);
        return DONE;
    }
  }

  #count({ key, delta }: { readonly key: string; readonly delta: number }, { value, expiry }: Entry): Outcome {
    if (typeof value !== 'number') return { failure: 'not a number' };
    if (this.isLocked(key)) return LOCKED;
    const counted = Math.max(0, value + delta);
    this.#put(key, counted, expiry);
    return { value: counted };
  }

  #overwrite(step: Writing & { readonly preserveExpiry: boolean }, entry: Entry | undefined): Outcome {
    if (entry === undefined) return MISSING;
    const obstacle = this.#obstacle(step.key, step.cas);
    if (obstacle !== undefined) return obstacle;
    this.#put(step.key, step.value, step.preserveExpiry ? entry.expiry : this.#expiry(step.ttl));
    return DONE;
  }

  #write({ key, value, ttl }: Writing): Outcome {
    this.#put(key, value, this.#expiry(ttl));
    return DONE;
  }

  /** What keeps a write away from a document. The CAS that is good for a locked one is that of the lock. */
  #obstacle(key: string, cas: CasChoice): Outcome | undefined {
    if (this.isLocked(key)) return cas === 'good' ? undefined : LOCKED;
    return cas === 'wrong' ? EXISTS : undefined;
  }

  #expiry(ttl: number): number {
    return ttl === 0 ? NEVER : this.#now + ttl;
  }

  #put(key: string, value: unknown, expiry: number): void {
    this.#entries.set(key, { value, expiry, lockedUntil: 0 });
  }
}

/** What `LOOKUPS` find in a value. */
function look(value: unknown): Outcome {
  if (typeof value === 'string') return { failure: 'not JSON' };
  if (typeof value !== 'object' || value === null) return { failure: 'path mismatch' };
  return 'n' in value ? { value: value.n } : { failure: 'path missing' };
}
