import { DISK_DEFAULT } from '../../src/store/disk-options.js';
import { draft, fixture } from './fixtures.js';

const COUNT = 400;

function filled(evictionRatio: number, options = {}) {
  const made = fixture({ disk: { ...DISK_DEFAULT, readLagMs: 5, evictionRatio }, ...options });
  const documents = Array.from({ length: COUNT }, (_none, index) => made.vbucket.commit(draft(`k-${index}`)));
  return { ...made, documents, residency: made.bucket.residency! };
}

test.each([0, 0.25, 0.78, 1])('a share of %d of the documents is on disk only', (ratio) => {
  const { documents, residency } = filled(ratio);
  expect(residency.onDisk).toBe(Math.round(COUNT * ratio));
  expect(documents.filter((document) => residency.isOnDisk(document))).toHaveLength(residency.onDisk);
});

test('the seed decides which, and another seed decides otherwise', () => {
  const chosen = (diskSeed: number): string[] => {
    const { documents, residency } = filled(0.5, { diskSeed });
    return documents.filter((document) => residency.isOnDisk(document)).map(({ key }) => key);
  };
  expect(chosen(1)).toEqual(chosen(1));
  expect(chosen(1)).not.toEqual(chosen(2));
});

test('what is read comes into memory, and another one leaves for it', () => {
  const { clock, documents, residency } = filled(0.5);
  const cold = documents.filter((document) => residency.isOnDisk(document));
  let found = false;
  residency.read(cold[0]!, () => {
    found = !residency.isOnDisk(cold[0]!);
  });
  clock.step(5);
  expect(found).toBe(true);
  expect(residency.onDisk).toBe(COUNT / 2);
});

test('what is not persisted stays in memory, whatever the share', () => {
  const { documents, residency, bucket } = filled(1, { persistenceLagMs: 100 });
  expect(residency.onDisk).toBe(0);
  expect(bucket.evict(documents[0]!)).toBe(false);
});

test('a document that is overwritten, removed or dropped is not counted any more', () => {
  const { vbucket, residency, bucket } = filled(1);
  vbucket.commit(draft('k-0', 'again'));
  expect(residency.onDisk).toBe(COUNT);
  bucket.flush();
  expect(residency.onDisk).toBe(0);
  bucket.deleteVbucket(0);
  expect(residency.onDisk).toBe(0);
});

test('a share that is set later holds for what is stored already', () => {
  const { bucket, vbucket } = fixture();
  for (let index = 0; index < COUNT; index++) vbucket.commit(draft(`k-${index}`));
  expect(bucket.residency).toBeUndefined();
  bucket.disk = { ...DISK_DEFAULT, readLagMs: 5, evictionRatio: 0.25 };
  expect(bucket.residency!.onDisk).toBe(COUNT / 4);
});
