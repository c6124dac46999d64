/** The features that a client may request in HELLO. Source: kv_engine docs/BinaryProtocol.md, "0x1f Helo". */
export const Feature = {
  TcpNoDelay: 0x03,
  MutationSeqno: 0x04,
  TcpDelay: 0x05,
  Xattr: 0x06,
  Xerror: 0x07,
  SelectBucket: 0x08,
  Snappy: 0x0a,
  Json: 0x0b,
  Duplex: 0x0c,
  ClustermapChangeNotification: 0x0d,
  UnorderedExecution: 0x0e,
  Tracing: 0x0f,
  AltRequest: 0x10,
  SyncReplication: 0x11,
  Collections: 0x12,
  SnappyEverywhere: 0x13,
  PreserveTtl: 0x14,
  Vattr: 0x15,
  PointInTimeRecovery: 0x16,
  SubdocCreateAsDeleted: 0x17,
  SubdocDocumentMacroSupport: 0x18,
  SubdocReplaceBodyWithXattr: 0x19,
  ReportUnitUsage: 0x1a,
  NonBlockingThrottlingMode: 0x1b,
  SubdocReplicaRead: 0x1c,
  GetClusterConfigWithKnownVersion: 0x1d,
  DedupeNotMyVbucketClustermap: 0x1e,
  ClustermapChangeNotificationBrief: 0x1f,
  SubdocAllowsAccessOnMultipleXattrKeys: 0x20,
  SubdocBinaryXattr: 0x21,
  RangeScanIncludeXattr: 0x22,
  SubdocAllowReplicaReadOnDeletedDocs: 0x23,
  GetRandomKeyIncludeXattr: 0x24,
} as const;

const names = new Map<number, string>(Object.entries(Feature).map(([name, code]) => [code, name]));

/** Returns the name of a feature, or its code in hex when it does not have one here. */
export function featureName(code: number): string {
  return names.get(code) ?? `feature 0x${code.toString(16)}`;
}
