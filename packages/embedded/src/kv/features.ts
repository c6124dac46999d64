import { Feature } from '@cb/protocol';

/** What HELLO agreed on that changes how the server behaves. Plain fields: the hot path reads them. */
export class Features {
  json = false;
  snappy = false;
  xattr = false;
  xerror = false;
  collections = false;
  mutationSeqno = false;
  tracing = false;
  unordered = false;
  duplex = false;
  clustermapPush = false;
  clustermapPushBrief = false;
  dedupeNotMyVbucket = false;
  snappyEverywhere = false;

  /** Replaces everything agreed before. */
  set(granted: ReadonlySet<number>): void {
    this.json = granted.has(Feature.Json);
    this.snappy = granted.has(Feature.Snappy);
    this.xattr = granted.has(Feature.Xattr);
    this.xerror = granted.has(Feature.Xerror);
    this.collections = granted.has(Feature.Collections);
    this.mutationSeqno = granted.has(Feature.MutationSeqno);
    this.tracing = granted.has(Feature.Tracing);
    this.unordered = granted.has(Feature.UnorderedExecution);
    this.duplex = granted.has(Feature.Duplex);
    this.clustermapPush = granted.has(Feature.ClustermapChangeNotification);
    this.clustermapPushBrief = granted.has(Feature.ClustermapChangeNotificationBrief);
    this.dedupeNotMyVbucket = granted.has(Feature.DedupeNotMyVbucketClustermap);
    this.snappyEverywhere = granted.has(Feature.SnappyEverywhere);
  }
}
