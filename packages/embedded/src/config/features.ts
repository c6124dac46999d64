import { Feature } from '@cb/protocol';

/** The HELLO features of a 7.2 server. Source: what such a server grants when asked for every one. */
export const FEATURES_7_2: readonly number[] = [
  Feature.TcpNoDelay,
  Feature.MutationSeqno,
  Feature.TcpDelay,
  Feature.Xattr,
  Feature.Xerror,
  Feature.SelectBucket,
  Feature.Snappy,
  Feature.Json,
  Feature.Duplex,
  Feature.ClustermapChangeNotification,
  Feature.UnorderedExecution,
  Feature.Tracing,
  Feature.AltRequest,
  Feature.SyncReplication,
  Feature.Collections,
  Feature.PreserveTtl,
  Feature.Vattr,
  Feature.PointInTimeRecovery,
  Feature.SubdocCreateAsDeleted,
  Feature.SubdocDocumentMacroSupport,
  Feature.SubdocReplaceBodyWithXattr,
];

/** All that can be granted: those of 7.2, and what later servers added. */
export const FEATURES: readonly number[] = [
  ...FEATURES_7_2,
  Feature.SnappyEverywhere,
  Feature.SubdocReplicaRead,
  Feature.GetClusterConfigWithKnownVersion,
  Feature.DedupeNotMyVbucketClustermap,
  Feature.ClustermapChangeNotificationBrief,
  Feature.SubdocAllowsAccessOnMultipleXattrKeys,
  Feature.SubdocBinaryXattr,
  Feature.RangeScanIncludeXattr,
  Feature.SubdocAllowReplicaReadOnDeletedDocs,
];
