import type { EmbeddedCluster } from '@cb/embedded';

type Vbucket = NonNullable<ReturnType<EmbeddedCluster['bucket']>['parts'][number]['vbuckets'][number]>;

/** What is wrong with what the nodes have stored; none, if all is well. */
export function storeFaults({ members }: EmbeddedCluster): string[] {
  return members.flatMap(({ name: node, buckets }) =>
    [...buckets.values()].flatMap(({ name, vbuckets }) =>
      vbuckets.flatMap((vbucket) =>
        vbucket === undefined ? [] : vbucketFaults(vbucket).map((each) => `${node}, ${name}, ${vbucket.id}: ${each}`),
      ),
    ),
  );
}

function vbucketFaults(vbucket: Vbucket): string[] {
  const { itemCount, bytes, highSeqno, hasHistory, maxDeletedRevision } = vbucket;
  const documents = vbucket.collections().flatMap((collection) => [...vbucket.documents(collection)]);
  const live = documents.filter(({ deleted }) => !deleted).length;
  const held = documents.reduce(
    (sum, { key, value, xattrs }) => sum + key.length + value.length + (xattrs?.length ?? 0),
    0,
  );
  const seqnos = documents.map(({ seqno }) => seqno);
  const faults: string[] = [];
  if (live !== itemCount) faults.push(`counts ${itemCount} documents and has ${live}`);
  if (held !== bytes) faults.push(`counts ${bytes} bytes and has ${held}`);
  if (hasHistory && seqnos.some((seqno) => !(seqno > 0 && seqno <= highSeqno))) faults.push('has a seqno out of range');
  if (hasHistory && new Set(seqnos).size < seqnos.length) faults.push('has two documents with one seqno');
  const revisions = documents.map(({ revision, deleted }) => [revision, deleted] as const);
  if (hasHistory && revisions.some(([revision, deleted]) => deleted && revision > maxDeletedRevision)) {
    faults.push('has a tombstone with a revision that it has not noted');
  }
  if (documents.some(({ cas }) => cas === 0n)) faults.push('has a document without a CAS');
  return faults;
}
