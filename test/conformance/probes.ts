import type { Driver } from './driver.js';
import type { Ability } from './manifest.js';

const DOCUMENT = 'probe';
const LOOKUP = [{ op: 'get', path: 'a' }] as const;

/** For each ability a call that is refused, or false, without it, so that a manifest cannot deny what is there. */
export const PROBES: Readonly<Record<Ability, (driver: Driver) => Promise<unknown>>> = {
  presence: ({ documents }) => documents.exists(DOCUMENT),
  expiryTimes: ({ documents }) => documents.upsert(DOCUMENT, 1, { preserveExpiry: true }),
  locks: ({ documents }) => documents.lock(DOCUMENT, 15),
  collections: (driver) => driver.collection('_default', 'flat').get(DOCUMENT),
  subdocument: ({ documents }) => documents.lookupIn(DOCUMENT, LOOKUP),
  xattrs: ({ documents }) => documents.lookupIn(DOCUMENT, [{ ...LOOKUP[0], xattr: true }]),
  durability: ({ documents }) => documents.upsert(DOCUMENT, 1, { durability: 'majority' }),
  observing: (driver) => driver.observe(DOCUMENT),
  replicas: ({ documents }) => documents.getAnyReplica(DOCUMENT),
  mutationTokens: async ({ documents }) => (await documents.upsert(DOCUMENT, 1)).hasToken,
  scans: ({ documents }) => documents.scan({ type: 'prefix', prefix: 'p' }),
  randomDocuments: (driver) => driver.randomKey(),
  statistics: (driver) => driver.stats(),
  sizeLimit: ({ documents }) => documents.upsert(DOCUMENT, 'x'.repeat(21 * 1024 * 1024)),
};
