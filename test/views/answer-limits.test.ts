import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EmbeddedCluster } from '@cb/embedded';
import { AnswerTooBigError, ArgumentError, type Bucket, connect } from '@cb/promise';
import { Opcode, Status } from '@cb/protocol';
import { RawBucket } from '@cb/raw';
import { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { TerminalCalls } from '../async-result/terminal-calls.js';

describe('rows that are kept until the end', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start();
    cluster.bucket('default').designs.set('_design/d', {
      views: { v: { map: 'function (doc, meta) { emit(meta.id, doc); }' } },
    });
    const { connectionString, username, password } = cluster;
    bucket = await connect(`${connectionString}/default`, { username, password });
    const documents = Array.from({ length: 200 }, (_none, n) => [`d:${n}`, { text: 'x'.repeat(500) }] as const);
    await bucket.upsertMulti(new Map(documents));
  });

  afterAll(async () => {
    await bucket.close();
    await cluster.stop();
  });

  test('are an AnswerTooBigError beyond bytesMax, and not before', async () => {
    const error = await bucket
      .queryAll('d', 'v', { stale: false, bytesMax: 50_000 })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AnswerTooBigError);
    expect(error).toMatchObject({ code: 'answer_too_big', operation: 'view d/v', retryable: false });
    expect(String(error)).toContain('50000 bytes (bytesMax)');
    expect((await bucket.queryAll('d', 'v', { stale: false, bytesMax: 5_000_000 })).length).toBe(200);
  });

  test('have no limit where they are delivered as they arrive', async () => {
    let count = 0;
    for await (const _row of bucket.query('d', 'v', { stale: false, bytesMax: 1000 })) count++;
    expect(count).toBe(200);
  });

  test('take no invalid limit', async () => {
    for (const bytesMax of [0, -1, 0.5, Number.NaN, '1', Number.POSITIVE_INFINITY]) {
      await expect(bucket.queryAll('d', 'v', { bytesMax: bytesMax as number })).rejects.toThrow(ArgumentError);
      await expect(bucket.stats(undefined, { bytesMax: bytesMax as number })).rejects.toThrow(/bytesMax/);
    }
  });

  test('of a service that never ends take no more memory than the limit', async () => {
    const row = `{"id":"a","key":1,"value":"${'x'.repeat(1000)}"},`;
    const chunk = row.repeat(64);
    let sent = 0;
    const endless = createServer((_request, response) => {
      response.write(`{"total_rows":1,"rows":[`);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => {
      endless.listen(0, '127.0.0.1', resolve);
    });
    const { port } = endless.address() as AddressInfo;
    await using node = await ScriptedNode.start(({ opcode }) =>
      opcode === Opcode.GetClusterConfig
        ? {
            status: Status.Success,
            value: node.config({ nodesExt: [{ services: { kv: node.port, capi: port }, thisNode: true }] }),
          }
        : undefined,
    );
    const raw = new RawBucket(node.connectionString, { username: 'u', password: 'p' });
    await new TerminalCalls(raw.connect()).value();
    const { queryAll } = await import('@cb/views');
    const error = await queryAll(raw, 'd', 'v', { bytesMax: 2_000_000 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AnswerTooBigError);
    // What the sockets of both sides hold beyond what was read is the kernel's.
    expect(sent).toBeLessThan(50_000_000);
    raw.destroy();
    endless.closeAllConnections();
    endless.close();
  });
});

test('statistics without an end are an AnswerTooBigError at bytesMax, and other operations go on', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  const { connectionString, username, password } = cluster;
  await using bucket = await connect(`${connectionString}/default`, { username, password });
  const error = await bucket.stats(undefined, { bytesMax: 100 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AnswerTooBigError);
  expect(error).toMatchObject({ code: 'answer_too_big', operation: 'stats', ambiguous: false });
  await bucket.upsert('after', 1);
  expect((await bucket.stats(undefined, { bytesMax: 1_000_000 })).success).toBe(true);
});
