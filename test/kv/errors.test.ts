import {
  CouchbaseDataError,
  CouchbaseError,
  CouchbaseInputError,
  CouchbaseNetworkError,
  CouchbaseTransientError,
  Opcode,
  Status,
  TimeoutError,
  UnknownStatusError,
} from '@cb/protocol';
import { type AsyncResult, failFast, LookupInSpec, MutateInSpec, RawBucket, rangeScan } from '@cb/raw';
import { type Answer, ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { TerminalCalls } from '../async-result/terminal-calls.js';

/*
 * What each status of the server becomes, by its number: the numbers and their meanings are those of kv_engine's
 * docs/BinaryProtocol.md ("Response Status") and of the error map that a real server sends.
 */
const KNOWN = [
  [0x01, 'not_found'],
  [0x02, 'key_exists'],
  [0x03, 'too_big'],
  [0x04, 'invalid'],
  [0x05, 'not_stored'],
  [0x06, 'delta_badval'],
  [0x08, 'bucket_not_found'],
  [0x09, 'locked', 'retryable'],
  [0x0c, 'throttled', 'retryable'],
  [0x0d, 'config_only', 'retryable'],
  [0x0e, 'not_locked', 'retryable'],
  [0x0f, 'cas_invalid'],
  [0x1f, 'auth_stale'],
  [0x20, 'auth'],
  [0x22, 'range'],
  [0x23, 'rollback'],
  [0x24, 'access'],
  [0x25, 'not_initialized', 'retryable'],
  [0x26, 'encryption_key'],
  [0x27, 'checksum'],
  [0x28, 'expiry_overflow'],
  [0x29, 'expiry_overflow'],
  [0x30, 'rate_limited', 'retryable'],
  [0x31, 'rate_limited', 'retryable'],
  [0x32, 'rate_limited', 'retryable'],
  [0x33, 'rate_limited', 'retryable'],
  [0x34, 'quota_limited'],
  [0x35, 'quota_limited'],
  [0x36, 'quota_limited'],
  [0x37, 'quota_limited'],
  [0x38, 'quota_limited'],
  [0x50, 'bucket_paused', 'retryable'],
  [0x51, 'server_cancelled', 'retryable'],
  [0x80, 'unknown_frame_info'],
  [0x81, 'unknown_command'],
  [0x82, 'no_memory', 'retryable'],
  [0x83, 'not_supported'],
  [0x84, 'server_internal'],
  [0x85, 'busy', 'retryable'],
  [0x86, 'temporary_fail', 'retryable'],
  [0x87, 'xattr_invalid'],
  [0x88, 'collection_not_found'],
  [0x8a, 'manifest'],
  [0x8c, 'scope_not_found'],
  [0xa0, 'durability_invalid_level'],
  [0xa1, 'durability_impossible'],
  [0xa2, 'sync_write_in_progress', 'retryable'],
  [0xa3, 'sync_write_ambiguous'],
  [0xa4, 'sync_write_recommit_in_progress', 'retryable'],
  [0xa5, 'server_cancelled', 'retryable'],
  [0xa8, 'mutation_token_outdated'],
  [0xc0, 'subdoc_path_not_found'],
  [0xc1, 'subdoc_path_mismatch'],
  [0xc2, 'subdoc_path_invalid'],
  [0xc3, 'subdoc_path_too_big'],
  [0xc4, 'document_too_deep'],
  [0xc5, 'subdoc_cant_insert_value'],
  [0xc6, 'document_not_json'],
  [0xc7, 'subdoc_number_too_big'],
  [0xc8, 'subdoc_bad_delta'],
  [0xc9, 'subdoc_path_exists'],
  [0xca, 'subdoc_value_too_deep'],
  [0xcb, 'subdoc_invalid_combo'],
  [0xcc, 'subdoc_multiple_errors'],
  [0xce, 'subdoc_xattr'],
  [0xcf, 'subdoc_xattr'],
  [0xd0, 'subdoc_xattr'],
  [0xd1, 'subdoc_xattr'],
  [0xd2, 'subdoc_xattr'],
  [0xd3, 'subdoc_multiple_errors'],
  [0xd4, 'subdoc_xattr'],
  [0xd5, 'subdoc_xattr'],
  [0xd6, 'subdoc_deleted_document'],
  [0xd7, 'subdoc_deleted_document'],
  [0xd8, 'subdoc_not_binary_value'],
] as const;

/** What the protocol itself asks to try again, whatever the strategy says, and why. */
const TRIED_AGAIN: ReadonlyMap<number, string> = new Map([
  [0x07, 'kv_not_my_vbucket'],
  [0x0d, 'kv_config_only'],
  [0x88, 'kv_collection_outdated'],
]);

/** Successes of some operations, which most of them do not know, and what belongs to other protocols. */
const OF_NO_CLASS = [0x0a, 0x0b, 0x21, 0x8d, 0xa6, 0xa7, 0xcd];

interface Kind {
  readonly name: string;
  /** The errors are about the document. */
  readonly keyed: boolean;
  /** Statuses that are not errors of this operation, or that it handles in its own way. */
  readonly except?: readonly number[];
  readonly call: (bucket: RawBucket, k: string) => AsyncResult<unknown>;
}

const keyed = (name: string, call: Kind['call'], except: readonly number[] = []): Kind => ({
  name,
  keyed: true,
  call,
  except,
});

const lookups = [0xcc, 0xcd, 0xd3];

const KINDS: readonly Kind[] = [
  keyed('get', (bucket, k) => bucket.get(k)),
  keyed('get', (bucket, k) => bucket.get(k, { ttl: 1 })),
  keyed('upsert', (bucket, k) => bucket.upsert(k, 1)),
  keyed('insert', (bucket, k) => bucket.insert(k, 1)),
  keyed('replace', (bucket, k) => bucket.replace(k, 1)),
  keyed('append', (bucket, k) => bucket.append(k, 'x')),
  keyed('prepend', (bucket, k) => bucket.prepend(k, 'x')),
  keyed('remove', (bucket, k) => bucket.remove(k)),
  keyed('counter', (bucket, k) => bucket.counter(k)),
  keyed('counter', (bucket, k) => bucket.counter(k, { delta: -1 })),
  keyed('touch', (bucket, k) => bucket.touch(k)),
  keyed('lock', (bucket, k) => bucket.lock(k, { ttl: 5 })),
  keyed('unlock', (bucket, k) => bucket.unlock(k, { cas: 1n })),
  keyed('exists', (bucket, k) => bucket.exists(k), [0x01]),
  keyed('getReplica', (bucket, k) => bucket.getReplica(k, { replicaIndex: 0 })),
  keyed('getReplica', (bucket, k) => bucket.getReplica(k)),
  keyed('getAllReplicas', (bucket, k) => bucket.getAllReplicas(k)),
  keyed('observe', (bucket, k) => bucket.observe(k)),
  keyed('lookupIn', (bucket, k) => bucket.lookupIn(k, [LookupInSpec.get('p')]), lookups),
  keyed('mutateIn', (bucket, k) => bucket.mutateIn(k, [MutateInSpec.upsert('p', 1)]), lookups),
  { name: 'noop', keyed: false, call: (bucket) => bucket.noop() },
  { name: 'stats', keyed: false, call: (bucket) => bucket.stats() },
  { name: 'randomGet', keyed: false, call: (bucket) => bucket.randomGet() },
  // A scan goes on by itself after what may have passed.
  {
    name: 'scan',
    keyed: false,
    except: [0x01, 0x51, 0x85, 0xa5],
    call: (bucket) => bucket.scan(rangeScan(), { timeout: bucket.timeout }, () => {}),
  },
];

/** What a status means for operations of which it says more than of others. */
const MEANT: Readonly<Record<string, readonly [code: string, retryable: boolean]>> = {
  'insert 2': ['document_exists', false],
  'unlock 2': ['cas_mismatch', false],
  'unlock 9': ['cas_mismatch', false],
  'scan 129': ['feature_not_available', false],
};

/** For operations that are bound to run into it. */
const SHORT_MS = 300;

const HANDSHAKE: readonly number[] = [
  Opcode.Hello,
  Opcode.GetErrorMap,
  Opcode.SaslAuth,
  Opcode.SelectBucket,
  Opcode.GetClusterConfig,
];

const ERROR_MAP = JSON.stringify({
  version: 2,
  revision: 1,
  errors: {
    '1': { name: 'RENAMED', desc: 'not what it was', attrs: ['temp', 'retry-later'] },
    '7ff0': { name: 'NEW_ITEM', desc: 'Something about the item', attrs: ['item-only'] },
    '7ff1': { name: 'NEW_TEMP', desc: 'Something that passes', attrs: ['temp', 'retry-later'] },
    '7ff2': { name: 'NEW_INPUT', desc: 'Something asked wrongly', attrs: ['invalid-input', 'attribute-of-tomorrow'] },
    '7ff3': { name: 'NEW_STATE', desc: 'The connection is of no use', attrs: ['conn-state-invalidated'] },
  },
});

describe('every status on every kind of operation', () => {
  let node: ScriptedNode;
  let bucket: RawBucket;
  /** How every operation is answered. */
  let answer: Answer;

  beforeAll(async () => {
    node = await ScriptedNode.start(({ opcode }) => {
      if (opcode === Opcode.GetErrorMap) return { status: Status.Success, value: ERROR_MAP };
      if (opcode === Opcode.GetClusterConfig) {
        const map = { serverList: [`$HOST:${node.port}`], vBucketMap: [[0, 0]], numReplicas: 1 };
        return { status: Status.Success, value: node.config({ vBucketServerMap: map }) };
      }
      return HANDSHAKE.includes(opcode) ? undefined : answer;
    });
    bucket = new RawBucket(node.connectionString, {
      username: 'u',
      password: 'p',
      retry: failFast,
    });
    await new TerminalCalls(bucket.connect()).value();
  });

  beforeEach(() => {
    bucket.timeout = 5000;
  });

  afterAll(async () => {
    bucket.destroy();
    await node[Symbol.asyncDispose]();
  });

  /** The errors of all kinds of operations that do not take the status in another way. */
  async function errorsOf(status: number): Promise<(readonly [Kind, CouchbaseError, key: string | undefined])[]> {
    const kinds = KINDS.filter(({ except }) => except?.includes(status) !== true);
    // On one key they would wait for each other.
    const keys = kinds.map((_kind, index) => `k${index}`);
    const calls = kinds.map(({ call }, index) => new TerminalCalls(call(bucket, keys[index]!)));
    const errors = await Promise.all(calls.map((each) => each.error()));
    return kinds.map((kind, index) => [kind, errors[index]!, kind.keyed ? keys[index] : undefined] as const);
  }

  test.each(
    KNOWN.filter(([status]) => !TRIED_AGAIN.has(status)).map(([status, code, retryable]) => ({
      status,
      code,
      retryable: retryable === 'retryable',
    })),
  )('status $status is $code', async ({ status, code, retryable }) => {
    answer = { status, value: JSON.stringify({ error: { context: 'because', ref: 'ref-1' } }) };
    for (const [{ name }, error, key] of await errorsOf(status)) {
      expect(error).toBeInstanceOf(CouchbaseError);
      const [meant, again] = MEANT[`${name} ${status}`] ?? [code, retryable];
      expect(error).toMatchObject({
        code: meant,
        status,
        context: 'because',
        ref: 'ref-1',
        retryable: again,
        // The server has answered: nothing is left open, unless it says so itself.
        ambiguous: status === Status.SyncWriteAmbiguous,
        node: `127.0.0.1:${node.port}`,
      });
      expect(error.key).toBe(key);
      expect(error.message).toContain('because');
      expect([name, 'getReplica', 'get']).toContain(error.operation);
    }
  });

  test.each(OF_NO_CLASS)('status %i, where it has no meaning, is an unknown status', async (status) => {
    answer = { status };
    for (const [, error] of await errorsOf(status)) {
      expect(error).toBeInstanceOf(UnknownStatusError);
      expect(error).toMatchObject({ code: 'unknown_status', status, retryable: false, attributes: [] });
    }
  });

  test('every status is in one of the lists', () => {
    const listed = [Status.Success, Status.NotMyVbucket, ...KNOWN.map(([status]) => status), ...OF_NO_CLASS];
    expect(Object.values(Status).filter((status) => !(listed as readonly number[]).includes(status))).toEqual([]);
  });

  test.each([...TRIED_AGAIN])('status %i is tried again until there is no time left (%s)', async (status, reason) => {
    answer = { status };
    bucket.timeout = SHORT_MS;
    for (const [, error, key] of await errorsOf(status)) {
      // The deadline comes while the operation waits for its next attempt, or for an answer.
      expect(['timeout', 'config_only', 'collection_not_found']).toContain(error.code);
      const last = error instanceof TimeoutError ? (error.cause ?? error) : error;
      expect((last as CouchbaseError).key).toBe(key);
      expect([...error.retryReasons, ...(last as CouchbaseError).retryReasons]).toContain(reason);
    }
  });

  test.each([
    [0x7ff0, 'NEW_ITEM', 'Something about the item', CouchbaseDataError, false],
    [0x7ff1, 'NEW_TEMP', 'Something that passes', CouchbaseTransientError, true],
    [0x7ff2, 'NEW_INPUT', 'Something asked wrongly', CouchbaseInputError, false],
    [0x7ff3, 'NEW_STATE', 'The connection is of no use', CouchbaseNetworkError, false],
  ])('status %i means what the error map says: %s', async (status, name, description, category, retryable) => {
    answer = { status };
    for (const [, error, key] of await errorsOf(status)) {
      expect(error).toBeInstanceOf(UnknownStatusError);
      expect(error).toBeInstanceOf(category);
      expect(error).toMatchObject({ status, retryable });
      expect(error.key).toBe(key);
      expect(error.message).toContain(`${name} (0x${status.toString(16)}): ${description}`);
    }
  });

  test('a status that nobody knows is still a typed error with its number', async () => {
    answer = { status: 0x7fff, value: '{"error":{"context":"who knows"}}' };
    for (const [, error] of await errorsOf(0x7fff)) {
      expect(error).toMatchObject({ code: 'unknown_status', status: 0x7fff, context: 'who knows', attributes: [] });
    }
  });

  test.each([
    ['nothing', ''],
    ['text', 'not JSON'],
    ['JSON of another form', '{"error":"text"}'],
    ['an array', '[1]'],
    ['broken JSON', '{"error":{"context":"x"'],
    ['fields of other types', '{"error":{"context":7,"ref":null}}'],
  ])('an error with %s instead of an account keeps its class', async (_what, value) => {
    answer = { status: Status.KeyExists, value };
    for (const [{ name }, error] of await errorsOf(Status.KeyExists)) {
      const [code] = MEANT[`${name} 2`] ?? ['key_exists'];
      expect([error.code, error.context, error.ref]).toEqual([code, undefined, undefined]);
    }
  });

  test('a manifest in place of an account is not an account', async () => {
    answer = { status: Status.UnknownScope, value: '{"manifest_uid":"f"}' };
    for (const [, error] of await errorsOf(Status.UnknownScope)) {
      expect([error.code, error.context, error.ref]).toEqual(['scope_not_found', undefined, undefined]);
    }
  });

  test('quiet takes a missing document, and nothing else', async () => {
    answer = { status: Status.KeyNotFound };
    for (const call of [bucket.get('k', { quiet: true }), bucket.remove('k', { quiet: true })]) {
      expect(await new TerminalCalls<{ success: boolean }>(call).value()).toMatchObject({ success: false, rc: 0x0d });
    }
    answer = { status: Status.NoMemory };
    expect((await new TerminalCalls(bucket.get('k', { quiet: true })).error()).code).toBe('no_memory');
  });
});
