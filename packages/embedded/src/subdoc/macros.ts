/** Macros that stand for facts of the mutation itself, known only when it is stored. Source: kv_engine docs/SubDocument.md. */
const CAS = `"\${Mutation.CAS}"`;
const SEQNO = `"\${Mutation.seqno}"`;
const VALUE_CRC32C = `"\${Mutation.value_crc32c}"`;

/** Hexadecimal digits each expands to. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  [CAS, 16],
  [SEQNO, 16],
  [VALUE_CRC32C, 8],
]);

const VIRTUAL = /^"\$\{\$document.*\}"$/s;

/** Whether a value is a macro that may be sent; `"${$document...}"` is, whatever follows, until it is expanded. */
export function isMacro(value: Buffer): boolean {
  const text = value.toString('latin1');
  return DIGITS.has(text) || VIRTUAL.test(text);
}

/** The facts. */
export interface Mutation {
  readonly cas: bigint;
  readonly seqno: number;
  readonly valueCrc32c: number;
}

/** A number as the server writes it into attributes: quoted, hexadecimal, all digits. */
export function hexText(value: bigint | number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

/**
 * Stand-ins for macros, as long as what will replace them. They occur in none of the `texts`, so that every occurrence
 * in the result, wherever later edits moved it, is one to replace.
 */
export class MacroPlaceholders {
  readonly #byMacro = new Map<string, Buffer>();

  constructor(texts: readonly Buffer[]) {
    let candidate = 0;
    for (const [macro, digits] of DIGITS) {
      let placeholder: Buffer;
      do placeholder = Buffer.from(`"${hexText(++candidate, digits)}"`);
      while (texts.some((text) => text.includes(placeholder)));
      this.#byMacro.set(macro, placeholder);
    }
  }

  /** What is to be stored for a macro's text at first; undefined when it is not one of the mutation's. */
  of(value: Buffer): Buffer | undefined {
    return this.#byMacro.get(value.toString('latin1'));
  }

  /** Whether the text has any. */
  occurIn(text: Buffer): boolean {
    return [...this.#byMacro.values()].some((placeholder) => text.includes(placeholder));
  }

  /** Fills in the facts, in place. */
  expand(text: Buffer, { cas, seqno, valueCrc32c }: Mutation): void {
    // The CAS is written in little-endian byte order: clients read it so.
    this.#fill(text, CAS, BigInt.asUintN(64, swapBytes(cas)));
    this.#fill(text, SEQNO, seqno);
    this.#fill(text, VALUE_CRC32C, valueCrc32c);
  }

  #fill(text: Buffer, macro: string, value: bigint | number): void {
    const placeholder = this.#byMacro.get(macro)!;
    const expanded = `"${hexText(value, DIGITS.get(macro)!)}"`;
    for (let at = text.indexOf(placeholder); at >= 0; at = text.indexOf(placeholder, at + placeholder.length)) {
      text.write(expanded, at, 'latin1');
    }
  }
}

function swapBytes(value: bigint): bigint {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes.readBigUInt64LE();
}
