import { ArgumentError, Feature, type FrameWriter } from '@cb/protocol';
import { describe } from '../values/argument-checks.js';
import { PathFlag, type SubdocSpec } from './spec.js';

/** Maximum number of operations in one call (kv_engine docs/SubDocument.md, "Multi-path Commands"). */
export const SPECS_MAX = 16;

/** Flags of a whole command on the wire. */
export const DocFlag = {
  Upsert: 0x01,
  Insert: 0x02,
  AccessDeleted: 0x04,
  CreateAsDeleted: 0x08,
  Revive: 0x10,
  ReplicaRead: 0x20,
} as const;

/** The operations of one call. */
export interface SubdocRequest<S extends SubdocSpec = SubdocSpec> {
  /** As the caller gave them. */
  readonly specs: readonly S[];
  /** By place on the wire, the caller's index: the server wants all attributes before the body. */
  readonly order: readonly number[];
  /** Bits of `DocFlag`. */
  readonly docFlags: number;
  /** Whether each path has its own outcome. Default false. */
  readonly errorsPerPath?: boolean;
}

/** @throws ArgumentError for no operations, too many, or something that `isSpec` does not know. */
export function subdocRequest<S extends SubdocSpec>(
  name: string,
  specs: readonly S[],
  isSpec: (spec: unknown) => boolean,
  docFlags: number,
): SubdocRequest<S> {
  if (!Array.isArray(specs)) throw new ArgumentError(`${name} takes an array of operations, not ${describe(specs)}`);
  if (specs.length === 0 || specs.length > SPECS_MAX) {
    throw new ArgumentError(`${name} takes 1 to ${SPECS_MAX} operations, not ${specs.length}`);
  }
  const strange = specs.findIndex((spec) => !isSpec(spec));
  if (strange >= 0) {
    throw new ArgumentError(`operation ${strange} is not one that ${name} can do: ${describe(specs[strange])}`);
  }
  const indexes = specs.map((_spec, index) => index);
  const isXattr = (index: number): boolean => (specs[index]!.flags & PathFlag.Xattr) !== 0;
  const order = [...indexes.filter(isXattr), ...indexes.filter((index) => !isXattr(index))];
  return { specs: [...specs], order, docFlags };
}

/** The HELLO features that the request needs. */
export function requirementsOf({ specs, docFlags }: SubdocRequest): number[] | undefined {
  const features = specs.flatMap(({ requires }) => requires);
  if ((docFlags & DocFlag.CreateAsDeleted) !== 0) features.push(Feature.SubdocCreateAsDeleted);
  if ((docFlags & DocFlag.ReplicaRead) !== 0) features.push(Feature.SubdocReplicaRead);
  return features.length === 0 ? undefined : features;
}

/** Whether two requests without values are the same on the wire. */
export function isSameLookup(one: SubdocRequest, other: SubdocRequest): boolean {
  if (one.docFlags !== other.docFlags || one.specs.length !== other.specs.length) return false;
  return one.specs.every(({ opcode, flags, path }, index) => {
    const same = other.specs[index]!;
    return opcode === same.opcode && flags === same.flags && path === same.path;
  });
}

/** Writes the operations: code u8, flags u8, path length u16, for mutations value length u32, path, value. */
export function writeSpecs({ specs, order }: SubdocRequest, writer: FrameWriter): void {
  for (const index of order) {
    const { opcode, flags, path, payload } = specs[index]!;
    writer.u8(opcode);
    writer.u8(flags);
    const lengthsAt = writer.length;
    writer.u16(0);
    if (payload !== undefined) writer.u32(0);
    const pathAt = writer.length;
    writer.utf8(path);
    writer.bytes.writeUInt16BE(writer.length - pathAt, lengthsAt);
    if (payload === undefined) continue;
    const valueAt = writer.length;
    if (typeof payload === 'string') writer.utf8(payload);
    else writer.raw(payload);
    writer.bytes.writeUInt32BE(writer.length - valueAt, lengthsAt + 2);
  }
}
