import type { IndexDefinition, ObjectValue, Value } from '@cb/sqlpp';
import type { Engine } from '../engine.js';

/** What WITH says of a new index, as far as it has a meaning here. */
export interface IndexOptions {
  readonly isDeferred: boolean;
  readonly replicas: number;
}

const CODE_INDEXER = 5000;

/** What WITH may have. Source: couchbase/indexing, metadata_provider.go. */
const NAMES = [
  'nodes',
  'defer_build',
  'retain_deleted_xattr',
  'immutable',
  'num_partition',
  'num_replica',
  'docKeySize',
  'secKeySize',
  'arrSize',
  'numDoc',
  'residentRatio',
];

/** Throws what an index service answers. */
type Fail = (cause: string) => never;

/**
 * Reads WITH of CREATE INDEX. Partitions, and which nodes they are on, change nothing here.
 *
 * @param nodes number of nodes of the cluster: each copy of an index is on a node of its own
 * @throws StatementError for what an index service refuses
 */
export function readIndexOptions(engine: Engine, definition: IndexDefinition, nodes: number): IndexOptions {
  const fail = failureOf(engine, definition.isPrimary ? 'GSI CreatePrimaryIndex()' : 'GSI CreateIndex()');
  const options = definition.with;
  for (const name of Object.keys(options)) {
    if (NAMES.includes(name)) continue;
    const valid = NAMES.map((each) => `'${each}'`).join(', ');
    fail(`Invalid parameters in with-clause: '${name}'. Valid parameters are  ${valid}`);
  }
  const isDeferred = flag(options, 'defer_build', fail);
  integer(options, 'num_partition', 1, fail);
  const places = nodesOf(options, fail);
  const replicas = integer(options, 'num_replica', 0, fail);
  if (replicas !== undefined && places !== undefined && replicas >= places) {
    fail(`Fails to create index.  There are more replica than specified node list (${options['nodes']}).  `);
  }
  return { isDeferred, replicas: enough(replicas ?? Math.max(0, (places ?? 1) - 1), nodes, fail) };
}

/**
 * Reads WITH of ALTER INDEX, and returns the number of replicas that is asked for; undefined if it stays.
 *
 * @param nodes number of nodes of the cluster
 * @throws StatementError for what an index service refuses
 */
export function readAlteration(engine: Engine, options: ObjectValue, nodes: number): number | undefined {
  const fail = failureOf(engine, 'GSI AlterIndex()');
  const action = options['action'];
  if (action === 'move' || action === 'drop_replica') return undefined;
  if (action !== 'replica_count') return fail('Unsupported action value');
  const replicas = integer(options, 'num_replica', 0, fail);
  if (replicas === undefined) return fail('Missing num_replica value');
  return enough(replicas, nodes, fail);
}

function failureOf({ StatementError }: Engine, call: string): Fail {
  return (cause) => {
    throw new StatementError(CODE_INDEXER, `${call} - cause: ${cause}`);
  };
}

/** A replica is on another node than the index itself, and than other replicas. */
function enough(replicas: number, nodes: number, fail: Fail): number {
  if (replicas < nodes) return replicas;
  return fail(
    `Fails to create index.  There are not enough indexer nodes to create index with replica count of ${replicas}. ` +
      'Some indexer nodes may be marked as excluded.',
  );
}

/** The number of nodes that are named; undefined if none are. */
function nodesOf({ nodes }: ObjectValue, fail: Fail): number | undefined {
  if (nodes === undefined) return undefined;
  if (typeof nodes === 'string') return 1;
  if (Array.isArray(nodes) && nodes.every((node) => typeof node === 'string')) return nodes.length;
  return fail(`Fails to create index.  Node '${String(nodes)}' is not valid`);
}

function flag(options: ObjectValue, name: string, fail: Fail): boolean {
  const value = options[name];
  if (value === undefined || value === false || isText(value, 'false')) return false;
  if (value === true || isText(value, 'true')) return true;
  return fail(`Fails to create index.  Parameter ${name} must be a boolean value of (true or false).`);
}

function isText(value: Value, text: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === text;
}

function integer(options: ObjectValue, name: string, min: number, fail: Fail): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    return fail(`Fails to create index.  Parameter ${name} must be a integer value.`);
  }
  if (number < min) return fail(`Fails to create index.  Parameter ${name} must be a positive value.`);
  return number;
}
