import { AuthError, BucketNotFoundError, ConnectError, type CouchbaseError, Opcode, Status } from '@cb/protocol';
import { RawBucket } from '../../src/bucket/raw-bucket.js';
import { ScriptedNode } from '../scripted-node.js';

const credentials = { username: 'u', password: 'p' };

/** The outcome of connecting: undefined, or the error. */
function outcome(bucket: RawBucket): Promise<CouchbaseError | undefined> {
  return new Promise((resolve) => {
    bucket.connect().setCallbacks(
      () => resolve(undefined),
      (_result, _errorClass, error) => resolve(error),
    );
  });
}

describe('connecting', () => {
  let node: ScriptedNode;
  let bucket: RawBucket | undefined;

  beforeEach(async () => {
    node = await ScriptedNode.start();
  });

  afterEach(async () => {
    bucket?.destroy();
    bucket = undefined;
    await node[Symbol.asyncDispose]();
  });

  function start(connectionString: string = node.connectionString, options = {}): Promise<CouchbaseError | undefined> {
    bucket = new RawBucket(connectionString, { ...credentials, ...options });
    return outcome(bucket);
  }

  test('takes a seed after another, and fails at once with an account of all', async () => {
    const other = await ScriptedNode.start((frame) => (frame.opcode === Opcode.Hello ? 'hang up' : undefined));
    const closed = await ScriptedNode.start();
    const refused = closed.port;
    await closed[Symbol.asyncDispose]();
    const seeds = `couchbase://127.0.0.1:${refused},127.0.0.1:${other.port}`;
    const error = await start(`${seeds}/default?preserve_bootstrap_nodes_order=true&sasl_mech_force=PLAIN`);
    await other[Symbol.asyncDispose]();
    expect(error).toBeInstanceOf(ConnectError);
    expect((error as ConnectError).seeds).toMatchObject([
      { address: `127.0.0.1:${refused}`, step: 'connect', cause: { message: expect.stringContaining('ECONNREFUSED') } },
      { address: `127.0.0.1:${other.port}`, step: 'hello', cause: { message: expect.stringContaining('closed') } },
    ]);
    expect(error?.message).toContain(`127.0.0.1:${refused} at connect`);
    expect(bucket?.connected).toBe(false);
    expect(await outcome(bucket!)).toBe(error);
  });

  test('goes on to the next seed when one is refused', async () => {
    const closed = await ScriptedNode.start();
    const refused = closed.port;
    await closed[Symbol.asyncDispose]();
    const seeds = `couchbase://127.0.0.1:${refused},127.0.0.1:${node.port}`;
    expect(await start(`${seeds}/default?preserve_bootstrap_nodes_order=true&sasl_mech_force=PLAIN`)).toBeUndefined();
  });

  test('says that the password is wrong', async () => {
    node.script = (frame) => (frame.opcode === Opcode.SaslAuth ? { status: Status.AuthError } : undefined);
    const error = await start();
    expect(error).toBeInstanceOf(AuthError);
    expect(error?.message).toContain(`127.0.0.1:${node.port} at authenticate`);
    expect(error?.cause).toBeInstanceOf(ConnectError);
  });

  test('does not believe a server that accepts the login without its proof', async () => {
    const error = await start(`couchbase://127.0.0.1:${node.port}/default`);
    expect(error).toBeInstanceOf(AuthError);
    expect(error?.message).toContain('without proving');
  });

  test.each([Status.KeyNotFound, Status.Access])('says that the bucket is missing (status %d)', async (status) => {
    node.script = (frame) => (frame.opcode === Opcode.SelectBucket ? { status } : undefined);
    const error = await start();
    expect(error).toBeInstanceOf(BucketNotFoundError);
    expect(error?.message).toContain('"default"');
  });

  describe('with a seed that was just started, added or failed over', () => {
    let newcomer: ScriptedNode;

    beforeEach(async () => {
      newcomer = await ScriptedNode.start();
    });

    afterEach(() => newcomer[Symbol.asyncDispose]());

    /** It comes first, and others after it. */
    function startWith(others: readonly ScriptedNode[], options = {}): Promise<CouchbaseError | undefined> {
      const seeds = [newcomer, ...others].map(({ port }) => `127.0.0.1:${port}`).join(',');
      const query = 'preserve_bootstrap_nodes_order=true&sasl_mech_force=PLAIN';
      return start(`couchbase://${seeds}/default?${query}`, options);
    }

    test.each([
      ['does not know the bucket', Opcode.SelectBucket, Status.KeyNotFound],
      ['lets nobody see the bucket', Opcode.SelectBucket, Status.Access],
      ['has lost the bucket', Opcode.SelectBucket, Status.NoBucket],
      ['does not know the user', Opcode.SaslAuth, Status.AuthError],
    ])('asks the next one when it %s', async (_what, opcode, status) => {
      newcomer.script = (frame) => (frame.opcode === opcode ? { status } : undefined);
      expect(await startWith([node])).toBeUndefined();
    });

    test('asks all others, also when the next one is silent', async () => {
      newcomer.script = (frame) => (frame.opcode === Opcode.SelectBucket ? { status: Status.KeyNotFound } : undefined);
      await using silent = await ScriptedNode.start(() => 'silence');
      expect(await startWith([silent, node])).toBeUndefined();
    });

    test('does not wait for a silent one as long as connecting may take, once another has refused the bucket', async () => {
      newcomer.script = (frame) => (frame.opcode === Opcode.SelectBucket ? { status: Status.KeyNotFound } : undefined);
      node.script = () => 'silence';
      const error = await startWith([node], { connectTimeout: 1e9 });
      expect(error).toBeInstanceOf(BucketNotFoundError);
      expect(error?.message).toContain(`127.0.0.1:${node.port} at hello: did not answer in time`);
    });

    test('asks again for a bucket that was created just now', async () => {
      let asked = 0;
      newcomer.script = (frame) =>
        frame.opcode === Opcode.SelectBucket && ++asked < 4 ? { status: Status.KeyNotFound } : undefined;
      expect(await startWith([])).toBeUndefined();
      expect(asked).toBe(4);
    });

    test('waits when its bucket has no configuration yet', async () => {
      const answers = [Status.KeyNotFound, Status.TemporaryFailure];
      newcomer.script = (frame) => {
        const status = frame.opcode === Opcode.GetClusterConfig ? answers.shift() : undefined;
        return status === undefined ? undefined : { status };
      };
      expect(await startWith([])).toBeUndefined();
      expect(answers).toEqual([]);
    });
  });

  test('gives up on a bucket that no seed knows after a while, with an account of all', async () => {
    const other = await ScriptedNode.start();
    for (const each of [node, other])
      each.script = (frame) => (frame.opcode === Opcode.SelectBucket ? { status: Status.KeyNotFound } : undefined);
    const seeds = `couchbase://127.0.0.1:${node.port},127.0.0.1:${other.port}`;
    const error = await start(`${seeds}/default?sasl_mech_force=PLAIN`, { connectTimeout: 1e9 });
    await other[Symbol.asyncDispose]();
    expect(error).toBeInstanceOf(BucketNotFoundError);
    expect(error?.cause).toMatchObject({ seeds: [{}, {}] });
    expect(node.received.filter((opcode) => opcode === Opcode.SelectBucket).length).toBeGreaterThan(1);
  });

  test('gives up on a password when each seed has refused it once', async () => {
    const other = await ScriptedNode.start();
    for (const each of [node, other])
      each.script = (frame) => (frame.opcode === Opcode.SaslAuth ? { status: Status.AuthError } : undefined);
    const seeds = `couchbase://127.0.0.1:${node.port},127.0.0.1:${other.port}`;
    const error = await start(`${seeds}/default?sasl_mech_force=PLAIN`);
    await other[Symbol.asyncDispose]();
    expect(error).toBeInstanceOf(AuthError);
    for (const { received } of [node, other])
      expect(received.filter((each) => each === Opcode.SaslAuth)).toHaveLength(1);
  });

  test.each([
    ['no JSON', 'nonsense'],
    ['no nodes', '{"rev":1,"vBucketServerMap":{"vBucketMap":[[0]]}}'],
    [
      'a map that points nowhere',
      '{"rev":1,"nodesExt":[{"services":{"kv":1}}],"vBucketServerMap":{"vBucketMap":[[7]]}}',
    ],
  ])('names a configuration that is %s', async (_what, value) => {
    node.script = (frame) => (frame.opcode === Opcode.GetClusterConfig ? { status: Status.Success, value } : undefined);
    const error = await start();
    expect(error).toBeInstanceOf(ConnectError);
    expect((error as ConnectError).seeds).toMatchObject([{ step: 'cluster configuration' }]);
  });

  test('waits while the bucket is being set up', async () => {
    let asked = 0;
    node.script = (frame) =>
      frame.opcode === Opcode.GetClusterConfig && ++asked < 3
        ? { status: Status.Success, value: node.config({ vBucketServerMap: { vBucketMap: [] } }) }
        : undefined;
    expect(await start()).toBeUndefined();
    expect(asked).toBe(3);
  });

  test('waits while the bucket is being set up, also with another seed that hangs', async () => {
    await using silent = await ScriptedNode.start(() => 'silence');
    let asked = 0;
    node.script = (frame) =>
      frame.opcode === Opcode.GetClusterConfig && ++asked < 3
        ? { status: Status.Success, value: node.config({ vBucketServerMap: { vBucketMap: [] } }) }
        : undefined;
    const seeds = `couchbase://127.0.0.1:${silent.port},127.0.0.1:${node.port}`;
    expect(await start(`${seeds}/default?preserve_bootstrap_nodes_order=true&sasl_mech_force=PLAIN`)).toBeUndefined();
    expect(asked).toBe(3);
    // It is not asked again while it may still answer.
    expect(silent.received.filter((opcode) => opcode === Opcode.Hello)).toHaveLength(1);
  });

  test('gives up on a node that says nothing', async () => {
    node.script = () => 'silence';
    const error = await start(`${node.connectionString}&kv_connect_timeout=60`);
    expect((error as ConnectError).seeds).toMatchObject([{ step: 'hello', cause: { code: 'timeout' } }]);
    expect(error?.message).toContain('did not answer hello in time');
  });

  test.each([
    ['an unknown magic', Buffer.alloc(24, 0x77)],
    ['a body over the limit', Buffer.from(`811f0000000000007fffffff${'00'.repeat(12)}`, 'hex')],
    ['parts that exceed the body', Buffer.from(`811f00ff0000000000000000${'00'.repeat(12)}`, 'hex')],
  ])('refuses a frame with %s', async (_what, bytes) => {
    node.script = (frame) => (frame.opcode === Opcode.Hello ? { bytes } : undefined);
    const error = await start();
    expect((error as ConnectError).seeds).toMatchObject([{ step: 'hello', cause: { code: 'protocol' } }]);
  });

  test('needs two round trips, and one when the first message is the last', async () => {
    expect(await start()).toBeUndefined();
    expect(node.received.slice(0, 5)).toEqual([
      Opcode.Hello,
      Opcode.GetErrorMap,
      Opcode.SaslAuth,
      Opcode.SelectBucket,
      Opcode.GetClusterConfig,
    ]);
  });
});
