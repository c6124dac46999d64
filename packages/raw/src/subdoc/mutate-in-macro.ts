import { ArgumentError } from '@cb/protocol';
import { describe } from '../values/argument-checks.js';

/**
 * A value that the server fills in when it stores it; only in extended attributes.
 * Source: kv_engine docs/ExtendedAttributes.md, "Macros".
 */
export class MutateInMacro {
  /** The CAS of the mutation, as a string of 16 hexadecimal digits after `0x`, in little-endian byte order. */
  static readonly cas = new MutateInMacro('Mutation.CAS');
  /** The sequence number of the mutation, as a string of 16 hexadecimal digits after `0x`. */
  static readonly seqno = new MutateInMacro('Mutation.seqno');
  /** The CRC-32C of the new body, as a string of 8 hexadecimal digits after `0x`. */
  static readonly valueCrc32c = new MutateInMacro('Mutation.value_crc32c');

  /** As it is sent. */
  readonly text: string;

  private constructor(name: string) {
    this.text = `\${${name}}`;
  }

  /** A macro is replaced where it is the whole value: within another one it would be stored as text. */
  toJSON(): never {
    throw new ArgumentError('a macro cannot be a part of a value');
  }

  /**
   * A member of the virtual attribute `$document` before the mutation: `CAS`, `exptime`, `flags`, `revid`, `seqno`, …;
   * without a name all of them. Needs Server 7.0 or newer, else `FeatureNotAvailableError`.
   */
  static document(member?: string): MutateInMacro {
    if (member === undefined) return new MutateInMacro('$document');
    if (typeof member === 'string' && /^\w+$/.test(member)) return new MutateInMacro(`$document.${member}`);
    throw new ArgumentError(`a member of $document is a name of letters and digits, not ${describe(member)}`);
  }
}
