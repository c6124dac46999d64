import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedCluster } from '@cb/embedded';
import { connect } from '@cb/promise';
import { connect as connectTheirs, PingState, ServiceType } from 'couchbase';
import { rejection } from './official.js';

let cluster: EmbeddedCluster;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, replicas: 1, tls: true });
});

afterAll(() => cluster.stop());

/** A new object each time, as the SDK adds to it. */
function credentials() {
  return { username: cluster.username, password: cluster.password };
}

test('both speak to every node over TLS', async () => {
  const { secureConnectionString } = cluster;
  const ours = await connect(`${secureConnectionString}/default?tls_verify=none`, credentials());
  const official = await connectTheirs(`${secureConnectionString}?tls_verify=none`, credentials());
  const theirs = official.bucket('default').defaultCollection();
  const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
  await Promise.all(keys.map((key) => ours.upsert(key, { key })));
  for (const key of keys) expect((await theirs.get(key)).content).toEqual({ key });
  await Promise.all(keys.map((key) => theirs.upsert(key, 'x'.repeat(100_000))));
  for (const key of keys) expect((await ours.get(key)).value).toHaveLength(100_000);
  const ping = await official.bucket('default').ping({ serviceTypes: [ServiceType.KeyValue] });
  const reports = Object.values(ping.services).flat();
  expect(reports.map(({ state }) => state)).toEqual([PingState.Ok, PingState.Ok]);
  const asked = reports.map(({ remote }) => Number(/:(\d+)$/.exec(remote)![1]));
  expect(new Set(asked)).toEqual(new Set(cluster.nodes.map(({ ports }) => ports.kvSSL)));
  await ours.close();
  await official.close();
});

test('both trust the certificate when they are told to, and not otherwise', async () => {
  const { secureConnectionString, certificate } = cluster;
  const ours = await connect(`${secureConnectionString}/default`, { ...credentials(), tls: { ca: certificate! } });
  await ours.upsert('k', 1);
  await ours.close();
  const untrusting = connect(`${secureConnectionString}/default`, { ...credentials(), connectTimeout: 1000 });
  await expect(untrusting).rejects.toThrow(/certificate/);

  const folder = await mkdtemp(join(tmpdir(), 'cb-certificate-'));
  const path = join(folder, 'certificate.pem');
  await writeFile(path, certificate!);
  const official = await connectTheirs(`${secureConnectionString}?trust_certificate=${path}`, credentials());
  expect((await official.bucket('default').defaultCollection().get('k')).content).toBe(1);
  expect((await official.buckets().getAllBuckets()).map(({ name }) => name)).toEqual(['default']);
  await official.close();
  await rm(folder, { recursive: true });
  expect(
    await rejection(connectTheirs(`${secureConnectionString}?bootstrap_timeout=500ms`, credentials())),
  ).toBeInstanceOf(Error);
});
