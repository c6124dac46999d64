/** Bits of the datatype byte. Source: kv_engine docs/BinaryProtocol.md, "Data Types". */
export const Datatype = {
  Raw: 0x00,
  Json: 0x01,
  /** The value is a raw snappy block (not the framed format). */
  Snappy: 0x02,
  /** The value starts with extended attributes: u32 length, then the entries. */
  Xattr: 0x04,
} as const;
