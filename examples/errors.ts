import { EmbeddedCluster } from '@cb/embedded';
import { CouchbaseDataError, CouchbaseError, CouchbaseInputError, connect } from '@cb/promise';

// What failures look like, and how a program tells them apart.

function kindOf(error: CouchbaseError): string {
  if (error instanceof CouchbaseDataError) return 'the document is in another state';
  if (error instanceof CouchbaseInputError) return 'the call cannot work';
  return error.retryable ? 'try again later' : 'something else';
}

async function show(what: string, attempt: () => Promise<unknown>): Promise<void> {
  const error = await attempt().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CouchbaseError)) throw new Error(`${what} should have failed`);
  console.log(`${what}: ${error.name} (${error.code}), ${kindOf(error)}`);
}

await using cluster = await EmbeddedCluster.start();
const { connectionString, username, password } = cluster;
const spec = `${connectionString}/default`;
await using bucket = await connect(spec, { username, password });

await show('a missing document', () => bucket.get('nowhere'));
await bucket.upsert('there', 1);
await show('a second insert', () => bucket.insert('there', 2));
await show('an empty key', () => bucket.get(''));
await show('a value that is not JSON', () => bucket.upsert('there', 10n));
await show('a wrong password', () => connect(spec, { username, password: 'wrong' }));
await show('a missing bucket', () => connect(`${connectionString}/nowhere`, { username, password }));
await show('nobody there', () => connect('couchbase://127.0.0.1:1/default', { username, password }));

const { success, value } = await bucket.get('nowhere', { quiet: true });
console.log(`a missing document, quiet: success ${success}, value ${value}`);
