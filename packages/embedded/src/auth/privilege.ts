/**
 * Privileges as bits: a command names the bits it needs, and a user has the bits of their roles for one bucket. The
 * names are those of the server's own messages. Source: kv_engine docs/rbac.md.
 */
export const Privilege = {
  Read: 1 << 0,
  Insert: 1 << 1,
  Delete: 1 << 2,
  Upsert: 1 << 3,
  SimpleStats: 1 << 4,
  Stats: 1 << 5,
  MetaRead: 1 << 6,
  MetaWrite: 1 << 7,
  XattrRead: 1 << 8,
  XattrWrite: 1 << 9,
  SystemXattrRead: 1 << 10,
  SystemXattrWrite: 1 << 11,
  RangeScan: 1 << 12,
  DcpProducer: 1 << 13,
  DcpConsumer: 1 << 14,
  SetParam: 1 << 15,
  BucketManagement: 1 << 16,
  NodeSupervisor: 1 << 17,
  Administrator: 1 << 18,
  Audit: 1 << 19,
  SecurityManagement: 1 << 20,
  Impersonate: 1 << 21,
  // The rest is not KV's: the cluster manager's permissions `bucket.views!read`, `bucket.views!write`,
  // `bucket.collections!write` and `bucket.settings!read`, which allows seeing that the bucket exists.
  ViewRead: 1 << 22,
  ViewWrite: 1 << 23,
  CollectionManagement: 1 << 24,
  SettingsRead: 1 << 25,
  // Those of the query service: `n1ql.select!execute` and its like.
  QuerySelect: 1 << 26,
  QueryInsert: 1 << 27,
  QueryUpdate: 1 << 28,
  QueryDelete: 1 << 29,
} as const;

/** The name of a privilege. */
export type PrivilegeName = keyof typeof Privilege;

/** All bits. */
export const ALL_PRIVILEGES = Object.values(Privilege).reduce((all, bit) => all | bit, 0);

/** The privileges of statements on documents. */
export const QUERY_PRIVILEGES =
  Privilege.QuerySelect | Privilege.QueryInsert | Privilege.QueryUpdate | Privilege.QueryDelete;

/** The KV privileges: a user without any of them in a bucket cannot select it. */
export const KV_PRIVILEGES =
  ALL_PRIVILEGES &
  ~(
    Privilege.ViewRead |
    Privilege.ViewWrite |
    Privilege.CollectionManagement |
    Privilege.SettingsRead |
    QUERY_PRIVILEGES
  );

/** Not a privilege: the user has further privileges in single scopes or collections of the bucket. */
export const SCOPED = 1 << 30;

const names = Object.entries(Privilege) as [PrivilegeName, number][];

/** Returns the name in the server's refusal for a set of alternatives: that of the highest bit. */
export function privilegeName(mask: number): string {
  let found = '';
  for (const [name, bit] of names) if (mask & bit) found = name;
  return found;
}
