import { ArgumentError } from '@cb/protocol';
import { ALL_PRIVILEGES, Privilege } from './privilege.js';

const P = Privilege;
const DATA_READ = P.Read | P.MetaRead | P.XattrRead | P.RangeScan;
const DATA_WRITE = P.Insert | P.Upsert | P.Delete | P.XattrWrite;
const DATA_META = P.MetaWrite | P.SystemXattrRead | P.SystemXattrWrite | P.DcpProducer | P.DcpConsumer;
const STATS = P.SimpleStats | P.Stats;
const VIEWS = P.ViewRead | P.ViewWrite;
const ALL_DATA = DATA_READ | DATA_WRITE | DATA_META | STATS;

interface RoleKind {
  /** Privileges in the bucket that the role names, or in every bucket. */
  readonly bucket: number;
  /** Privileges on the node. */
  readonly cluster: number;
  /** The role is for one bucket (or `*`), written in brackets. */
  readonly takesBucket: boolean;
}

function bucketRole(bucket: number): RoleKind {
  return { bucket, cluster: 0, takesBucket: true };
}

function clusterRole(bucket: number, cluster: number): RoleKind {
  return { bucket, cluster, takesBucket: false };
}

/** The roles that are known, with what they allow. Source: the server's own list of roles, `/settings/rbac/roles`. */
const ROLES: Readonly<Record<string, RoleKind>> = {
  admin: clusterRole(ALL_PRIVILEGES, ALL_PRIVILEGES),
  ro_admin: clusterRole(STATS | P.ViewRead, P.Stats),
  cluster_admin: clusterRole(STATS | VIEWS | P.BucketManagement, P.BucketManagement | P.NodeSupervisor | P.Stats),
  bucket_admin: bucketRole(STATS | VIEWS | P.BucketManagement),
  bucket_full_access: bucketRole(ALL_DATA | VIEWS),
  views_admin: bucketRole(STATS | VIEWS | P.Read),
  views_reader: bucketRole(P.Read | P.ViewRead),
  data_reader: bucketRole(DATA_READ | P.SimpleStats),
  data_writer: bucketRole(DATA_WRITE),
  data_monitoring: bucketRole(STATS),
  data_backup: bucketRole(ALL_DATA),
  data_dcp_reader: bucketRole(DATA_READ | P.DcpProducer | P.SystemXattrRead | STATS),
};

/** One role that a user has: `admin`, `data_reader[default]`, `data_writer[*]`. */
export interface Role {
  readonly name: string;
  /** `*` for every bucket; undefined for a role that is for the whole cluster. */
  readonly bucket: string | undefined;
}

/**
 * Reads a role as it is written in options and in requests. Scope and collection (`data_reader[b:s:c]`) are accepted and
 * not told apart: the role counts for the whole bucket.
 * @throws ArgumentError for an unknown role, or a bucket where there must be none.
 */
export function parseRole(text: string): Role {
  const [, name = '', inBrackets] = /^([a-z_]+)(?:\[([^\]]*)\])?$/.exec(text.trim()) ?? [];
  const kind = Object.hasOwn(ROLES, name) ? ROLES[name]! : undefined;
  if (kind === undefined) {
    throw new ArgumentError(`unknown role ${JSON.stringify(text)}; known are ${Object.keys(ROLES).join(', ')}`);
  }
  if (!kind.takesBucket && inBrackets !== undefined) throw new ArgumentError(`the role ${name} is not for one bucket`);
  if (kind.takesBucket && !inBrackets) throw new ArgumentError(`the role ${name} needs a bucket: ${name}[*]`);
  return { name, bucket: inBrackets?.split(':')[0] };
}

export function formatRole({ name, bucket }: Role): string {
  return bucket === undefined ? name : `${name}[${bucket}]`;
}

/** What the role allows in a bucket, or, with undefined, on the node. */
export function privilegesOf(role: Role, bucket: string | undefined): number {
  const kind = ROLES[role.name]!;
  if (bucket === undefined) return kind.cluster;
  const counts = role.bucket === undefined || role.bucket === '*' || role.bucket === bucket;
  return counts ? kind.bucket | kind.cluster : 0;
}

/** The names of all roles. */
export const ROLE_NAMES: readonly string[] = Object.keys(ROLES);

/** Whether the role is written with a bucket in brackets. */
export function takesBucket(name: string): boolean {
  return ROLES[name]!.takesBucket;
}
