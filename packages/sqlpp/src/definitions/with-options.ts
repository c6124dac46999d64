import { StatementError } from '../text/syntax-error.js';
import type { ObjectValue, Value } from '../values/value.js';

const CODE_OPTION = 12038;
const CODE_VALUE = 12039;

/** Reads the object behind WITH. */
export class WithOptions {
  readonly #options: ObjectValue;

  /** @throws StatementError for a name that is not among those known */
  constructor(options: ObjectValue, known: readonly string[]) {
    this.#options = options;
    for (const name of Object.keys(options)) {
      if (known.includes(name)) continue;
      throw new StatementError(CODE_OPTION, `Invalid option '${name}'`, undefined, { option: name });
    }
  }

  /** @throws StatementError for what is not an integer of 64 bits */
  integer(name: string): bigint | undefined {
    const value = this.#of(name);
    if (value === undefined) return undefined;
    if (typeof value === 'bigint') return BigInt.asIntN(64, value);
    if (typeof value === 'number' && Number.isInteger(value)) return clamped(BigInt(value));
    throw invalid(name, 'Integer expected');
  }

  /** @throws StatementError for what is not a boolean */
  flag(name: string): boolean | undefined {
    const value = this.#of(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw invalid(name, 'Boolean expected');
  }

  /** Whether the option is a boolean. */
  isFlag(name: string): boolean {
    return typeof this.#of(name) === 'boolean';
  }

  #of(name: string): Value {
    return Object.hasOwn(this.#options, name) ? this.#options[name] : undefined;
  }
}

/** A double may stand for the highest integer and be one above it. */
function clamped(value: bigint): bigint {
  const most = 2n ** 63n - 1n;
  if (value > most) return most;
  return value < -most - 1n ? -most - 1n : value;
}

function invalid(option: string, reason: string): StatementError {
  return new StatementError(CODE_VALUE, `Invalid value for '${option}'`, undefined, { option, reason });
}
