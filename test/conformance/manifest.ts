/** What a server may lack. Everything else is asked of every server. */
export interface Supports {
  /** Asking whether there is a document, without reading it. */
  readonly presence: boolean;
  /** Expiry that can be read, kept through a write, and is there for all. */
  readonly expiryTimes: boolean;
  readonly locks: boolean;
  readonly collections: boolean;
  readonly subdocument: boolean;
  readonly xattrs: boolean;
  /** Synchronous writes. */
  readonly durability: boolean;
  /** Asking the nodes where a document has arrived, and waiting for it. */
  readonly observing: boolean;
  /** Copies on other nodes. */
  readonly replicas: boolean;
  readonly mutationTokens: boolean;
  readonly scans: boolean;
  readonly randomDocuments: boolean;
  readonly statistics: boolean;
  /** Values larger than the limit are refused as such. */
  readonly sizeLimit: boolean;
}

export type Ability = keyof Supports;

/** What clients have calls for or not, whatever the server can do. */
export type ClientAbility = 'quiet' | 'pipelines' | 'items';

const COUCHBASE: Supports = {
  presence: true,
  expiryTimes: true,
  locks: true,
  collections: true,
  subdocument: true,
  xattrs: true,
  durability: true,
  observing: true,
  replicas: true,
  mutationTokens: true,
  scans: true,
  randomDocuments: true,
  statistics: true,
  sizeLimit: true,
};

/** The embedded cluster of several nodes. */
export const EMBEDDED: Supports = COUCHBASE;

/** The same of one node, where there is no place for a copy. */
export const EMBEDDED_ALONE: Supports = { ...COUCHBASE, replicas: false };

/** The memcached of the operating system, over the binary protocol. Source: its protocol_binary.h. */
export const MEMCACHED: Supports = {
  presence: false,
  expiryTimes: false,
  locks: false,
  collections: false,
  subdocument: false,
  xattrs: false,
  durability: false,
  observing: false,
  replicas: false,
  mutationTokens: false,
  scans: false,
  randomDocuments: false,
  statistics: true,
  sizeLimit: true,
};
