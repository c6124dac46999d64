import { Opcode, Status } from '@cb/protocol';
import type { Refusal } from '../base/refusal.js';
import { DocFlag, operationOf } from './operation.js';
import { PATH_BYTES_MAX } from './path.js';
import type { SubdocRequest } from './single.js';
import {
  type CommandLimits,
  checkDocFlags,
  checkFlags,
  checkReplicaRead,
  checkValuePresence,
  hasUnknownFlags,
  invalid,
  isXattrSpec,
  type Spec,
  type SubdocCommand,
  XattrRules,
} from './subdoc-command.js';

/** Maximum number of operations in one command. */
export const SPECS_MAX = 16;

/** A lookup's spec is opcode u8, flags u8, path length u16, path; a mutation's has value length u32 before the path. */
const LOOKUP_HEAD_BYTES = 4;
const MUTATION_HEAD_BYTES = 8;

/** Bytes of extras: [expiry u32 [user flags u32]] [document flags u8]. Source: kv_engine daemon/subdocument_parser.h. */
const LOOKUP_SIZES = [0, 1];
const MUTATION_SIZES_7_2 = [...LOOKUP_SIZES, 4, 5];
const MUTATION_SIZES = [...MUTATION_SIZES_7_2, 8, 9];

function combination(context: string): Refusal {
  return { status: Status.SubdocInvalidCombo, context };
}

const BAD_COMBINATION = combination('Request contains an invalid combination of commands');

/** Reads a multi lookup or multi mutation; the checks come in the server's order. */
export function parseMulti(mutates: boolean, request: SubdocRequest, limits: CommandLimits): SubdocCommand | Refusal {
  const { extras, cas } = request;
  const size = extras.length;
  // Every field is optional, and only the last is a single byte.
  const docFlags = size % 4 === 1 ? extras[size - 1]! : 0;
  const sizes = mutates ? mutationSizes(limits) : LOOKUP_SIZES;
  if (!sizes.includes(size) || hasUnknownFlags(docFlags, limits)) return invalid('Request extras invalid');
  const refusal = checkDocFlags(docFlags, cas) ?? checkRevival(docFlags) ?? checkReplicaRead(docFlags, limits);
  if (refusal !== undefined) return refusal;
  const specs = new SpecReader(mutates, docFlags, request.value, limits).readAll();
  if (!Array.isArray(specs)) return specs;
  const expiry = size >= 4 ? extras.readUInt32BE(0) : 0;
  const userFlags = size >= 8 ? extras.readUInt32BE(4) : undefined;
  return { isMulti: true, mutates, docFlags, expiry, userFlags, cas, specs };
}

function mutationSizes({ userFlags }: CommandLimits): readonly number[] {
  return userFlags ? MUTATION_SIZES : MUTATION_SIZES_7_2;
}

function checkRevival(docFlags: number): Refusal | undefined {
  if (!(docFlags & DocFlag.Revive)) return undefined;
  if (!(docFlags & DocFlag.AccessDeleted)) return invalid("ReviveDocument can't be used without AccessDeleted");
  return docFlags & DocFlag.CreateAsDeleted ? invalid("ReviveDocument can't be used with CreateAsDeleted") : undefined;
}

/** Reads specs one after the other and checks each, alone and in its place. */
class SpecReader {
  readonly #mutates: boolean;
  readonly #docFlags: number;
  readonly #bytes: Buffer;
  readonly #limits: CommandLimits;
  readonly #rules: XattrRules;
  #at = 0;
  #specs: Spec[] = [];

  constructor(mutates: boolean, docFlags: number, bytes: Buffer, limits: CommandLimits) {
    this.#mutates = mutates;
    this.#docFlags = docFlags;
    this.#bytes = bytes;
    this.#limits = limits;
    this.#rules = new XattrRules(limits);
  }

  readAll(): Spec[] | Refusal {
    while (this.#at < this.#bytes.length && this.#specs.length < SPECS_MAX) {
      if (this.#specs.at(-1)?.operation.opcode === Opcode.Delete) return BAD_COMBINATION;
      const spec = this.#read();
      if ('status' in spec) return spec;
      const refusal = this.#checkPlace(spec);
      if (refusal !== undefined) return refusal;
      this.#specs.push(spec);
    }
    if (this.#specs.length === 0) return combination('Request must contain at least one path');
    if (this.#at < this.#bytes.length) return combination(`Request must contain at most ${SPECS_MAX} paths`);
    return this.#specs;
  }

  #read(): Spec | Refusal {
    const bytes = this.#bytes.subarray(this.#at);
    const kind = this.#mutates ? 'mutation' : 'lookup';
    const headBytes = this.#mutates ? MUTATION_HEAD_BYTES : LOOKUP_HEAD_BYTES;
    if (bytes.length < headBytes) return invalid(`Multi ${kind} spec truncated`);
    const pathEnd = headBytes + bytes.readUInt16BE(2);
    const end = pathEnd + (this.#mutates ? bytes.readUInt32BE(4) : 0);
    if (end > bytes.length) return invalid(`Multi ${kind} path ${this.#mutates ? 'and value ' : ''}truncated`);
    const operation = operationOf(bytes[0]!);
    if (operation === undefined) return combination('Subdoc and MCBP command must not both be invalid');
    if (operation.mutates !== this.#mutates) {
      return combination('Mutation opcodes only permitted for mutation commands');
    }
    const path = bytes.subarray(headBytes, pathEnd);
    const spec: Spec = { operation, flags: bytes[1]!, path, value: bytes.subarray(pathEnd, end) };
    this.#at += end;
    return this.#check(spec) ?? spec;
  }

  #check(spec: Spec): Refusal | undefined {
    const { operation, path } = spec;
    const refusal = checkFlags(operation, spec.flags, this.#docFlags, this.#limits);
    if (refusal !== undefined) return refusal;
    if (path.length > PATH_BYTES_MAX) return invalid('Request path length exceeds maximum');
    if (operation.scope === 'document' && path.length > 0) {
      return invalid('Request must not include path for wholedoc operations');
    }
    const badXattr = this.#rules.check(spec);
    if (badXattr !== undefined) return badXattr;
    if (path.length === 0 && !operation.mayHaveEmptyPath) return invalid('Request must include path');
    return checkValuePresence(spec);
  }

  /** Attributes come before the body, and nothing else touches the body when the document is deleted. */
  #checkPlace(spec: Spec): Refusal | undefined {
    if (this.#specs.every(isXattrSpec)) return undefined;
    if (isXattrSpec(spec)) return { status: Status.SubdocInvalidXattrOrder };
    return spec.operation.opcode === Opcode.Delete ? BAD_COMBINATION : undefined;
  }
}
