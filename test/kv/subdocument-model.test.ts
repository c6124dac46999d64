import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, LookupInSpec, subdocPath } from '@cb/promise';
import type { CouchbaseError } from '@cb/protocol';
import fc from 'fast-check';
import {
  allSteps,
  documents,
  follow,
  type Json,
  names,
  values,
} from '../../packages/embedded/test/subdoc/json-model.js';
import { type Edit, editOf, KINDS, type Plan } from './subdocument-model.js';

const KEY = 'model';
/** What one call can have. */
const SPECS_MAX = 16;

const plan: fc.Arbitrary<Plan> = fc.record({
  kind: fc.constantFrom(...KINDS),
  choice: fc.nat(),
  name: names,
  values: fc.array(values, { minLength: 1, maxLength: 3 }),
  number: fc.nat({ max: 4 }),
});
/** Calls, each of several changes. */
const calls = fc.array(fc.array(plan, { minLength: 1, maxLength: 4 }), { maxLength: 5 });

let cluster: EmbeddedCluster;
let bucket: Bucket;
/** How many calls did something, and how many failed: both must happen. */
const seen = { changed: 0, refused: 0 };

beforeAll(async () => {
  cluster = await EmbeddedCluster.start();
  const { username, password } = cluster;
  bucket = await connect(`${cluster.connectionString}/default`, { username, password });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

/** Makes the changes in the document and in the model; gives the model as it is then. */
async function change(model: Json, plans: readonly Plan[]): Promise<Json> {
  const after = structuredClone(model);
  const edits: Edit[] = [];
  let failed: { readonly index: number; readonly code: string; readonly path: string } | undefined;
  for (const [index, each] of plans.entries()) {
    const edit = editOf(structuredClone(each), after);
    edits.push(edit);
    const code = failed === undefined ? edit.apply(after) : undefined;
    if (code !== undefined) failed = { index, code, path: edit.spec.path };
  }
  const called = bucket.mutateIn(
    KEY,
    edits.map(({ spec }) => spec),
  );
  if (failed === undefined) {
    expect((await called).success).toBe(true);
    seen.changed++;
    return after;
  }
  const error = await called.then(
    () => undefined,
    (thrown: CouchbaseError) => thrown,
  );
  expect(error).toMatchObject(failed);
  seen.refused++;
  return model;
}

/** Everything in the document is found at its path, and is as large as it is. */
async function compare(model: Json): Promise<void> {
  expect((await bucket.get(KEY)).value).toEqual(model);
  const steps = [...allSteps(model)].slice(1);
  for (let at = 0; at < steps.length; at += SPECS_MAX) {
    const some = steps.slice(at, at + SPECS_MAX);
    const paths = some.map((each) => subdocPath(...each));
    expect([...(await bucket.retrieveIn(KEY, ...paths))]).toEqual(some.map((each) => follow(model, each)));
  }
  const sizes = [LookupInSpec.getCount(''), LookupInSpec.exists('no such name'), LookupInSpec.getDocument()] as const;
  if (Array.isArray(model)) return;
  const found = await bucket.lookupIn(KEY, sizes);
  expect([found.content(0), found.exists(1), found.content(2)]).toEqual([Object.keys(model!).length, false, model]);
}

test('documents change as the model does', async () => {
  await fc.assert(
    fc.asyncProperty(documents, calls, async (document, all) => {
      await bucket.upsert(KEY, document);
      let model = document;
      for (const plans of all) model = await change(model, plans);
      await compare(model);
    }),
    { numRuns: 150 },
  );
  expect(seen.changed).toBeGreaterThan(50);
  expect(seen.refused).toBeGreaterThan(50);
});
