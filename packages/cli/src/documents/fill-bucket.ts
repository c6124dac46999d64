import { connect } from '@cb/promise';
import { type DocumentLine, readDocuments } from './document-file.js';
import { textTranscoder } from './json-text.js';

/** Maximum number of documents in flight. */
const IN_FLIGHT = 500;

/** The address of a bucket, and the credentials. */
export interface BucketAccess {
  readonly spec: string;
  readonly username: string;
  readonly password: string;
}

/** Stores all documents of a file, as a client of the cluster. Returns their number. */
export async function fillBucket({ spec, username, password }: BucketAccess, path: string): Promise<number> {
  await using bucket = await connect(spec, { username, password, transcoder: textTranscoder });
  let count = 0;
  let batch: DocumentLine[] = [];
  const store = async (): Promise<void> => {
    await Promise.all(batch.map(({ id, doc }) => bucket.upsert(id, doc)));
    count += batch.length;
    batch = [];
  };
  for await (const document of readDocuments(path)) {
    batch.push(document);
    if (batch.length === IN_FLIGHT) await store();
  }
  await store();
  return count;
}
