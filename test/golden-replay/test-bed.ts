import { createHash } from 'node:crypto';
import { EmbeddedCluster, FEATURES_7_2, type UserOptions } from '@cb/embedded';
import { FrameWriter, Magic, Opcode, type ScramMechanism } from '@cb/protocol';
import { ReplayClient } from './client.js';
import type { ReplayClock } from './replay-clock.js';

/** The port that the recorded maps name; nobody connects to it. */
const RECORDED_PORT = 11317;
const BUCKET_UUID = 'd0c2f2b0a1b24c3d8e9f001122334455';

/** Vbuckets with a state of their own in all buckets but `bench`: dead, replica, pending; 1003 is not there. */
const STATES: readonly (readonly [vbucket: number, state: number])[] = [
  [1000, 4],
  [1001, 2],
  [1002, 3],
];
const ABSENT_VBUCKET = 1003;

/** The server as it was set up for the recording. */
export async function startTestBed(clock: ReplayClock): Promise<EmbeddedCluster> {
  const cluster = await EmbeddedCluster.start({
    clock,
    clusterManager: false,
    vbuckets: 1024,
    persistenceLagMs: 0.4,
    seed: 1,
    features: FEATURES_7_2,
    scramIterations: 4000,
    fallbackSalt: 'MDEyMzQ1Njc4OWFiY2RlZg==',
    users: users(),
    buckets: {
      default: { compressionMode: 'off', ramQuotaMb: 128 },
      bench: { compressionMode: 'off', ramQuotaMb: 128 },
      nocfg: { compressionMode: 'off', ramQuotaMb: 128 },
      zip: { compressionMode: 'passive', ramQuotaMb: 128 },
      legacy: { compressionMode: 'off', ramQuotaMb: 128 },
      mem: { type: 'memcached', compressionMode: 'off' },
    },
    onWarning: () => undefined,
  });
  const admin = await signedIn(cluster);
  for (const bucket of ['default', 'nocfg', 'zip', 'legacy']) await setStates(admin, bucket);
  for (const bucket of ['default', 'zip', 'legacy'])
    await setConfig(admin, bucket, 5, bucketMap(bucket, 5, RECORDED_PORT));
  await setConfig(admin, '', 3, globalMap(3, RECORDED_PORT));
  admin.close();
  return cluster;
}

/** What was set up besides before the official SDK was recorded, on another run of the server. */
export async function prepareSdkSession(cluster: EmbeddedCluster): Promise<void> {
  const port = 11357;
  const admin = await signedIn(cluster);
  await setConfig(admin, '', 20, globalMap(20, port));
  await setConfig(admin, 'bench', 20, bucketMap('bench', 20, port));
  await command(admin, Opcode.SelectBucket, { key: 'bench' });
  const collections = [{ name: 'orders', uid: '9' }];
  const scopes = [
    { name: '_default', uid: '0', collections: [{ name: '_default', uid: '0' }] },
    { name: 'shop', uid: '8', collections },
  ];
  await command(admin, Opcode.SetCollectionsManifest, { value: JSON.stringify({ uid: '1', scopes }) });
  const topology = JSON.stringify({ topology: [['n_0']] });
  for (let vbucket = 0; vbucket < 1024; vbucket++) {
    await command(admin, Opcode.SetVbucket, { vbucket, extras: Buffer.of(1), datatype: 1, value: topology });
  }
  admin.close();
}

/** The request that the recording leaves out, as it named a local directory. */
export function createBucketRequest(opaque: number): Buffer {
  return requestBytes(Opcode.CreateBucket, { key: 'tmp', value: 'ep.so\0', opaque });
}

function users(): Record<string, UserOptions> {
  return Object.fromEntries(
    Object.entries({
      Administrator: { password: 'password', roles: ['admin'] },
      '@admin': { password: 'adminpw', roles: ['admin'] },
      reader: { password: 'readerpw', privileges: { default: ['Read', 'SimpleStats', 'MetaRead', 'XattrRead'] } },
      écrivain: { password: 'pässwörd', privileges: { default: ['Insert', 'Upsert', 'Delete'] } },
      nobody: { password: 'nobodypw' },
      legacy: { password: 'legacypw', roles: ['bucket_full_access[legacy]'] },
    } satisfies Record<string, UserOptions>).map(([name, user]) => [name, { ...user, salts: salts(name) }]),
  );
}

function salts(user: string): Record<ScramMechanism, string> {
  const salt = (hash: string, bytes: number): string =>
    createHash('sha512').update(`salt:${user}:${hash}`).digest().subarray(0, bytes).toString('base64');
  return { 'SCRAM-SHA1': salt('sha1', 20), 'SCRAM-SHA256': salt('sha256', 32), 'SCRAM-SHA512': salt('sha512', 64) };
}

async function signedIn(cluster: EmbeddedCluster): Promise<ReplayClient> {
  const client = await ReplayClient.open(cluster.nodes[0]!.ports.kv);
  await command(client, Opcode.SaslAuth, { key: 'PLAIN', value: '\0@admin\0adminpw' });
  return client;
}

async function setStates(admin: ReplayClient, bucket: string): Promise<void> {
  await command(admin, Opcode.SelectBucket, { key: bucket });
  for (const [vbucket, state] of STATES) await command(admin, Opcode.SetVbucket, { vbucket, extras: Buffer.of(state) });
  await command(admin, Opcode.DeleteVbucket, { vbucket: ABSENT_VBUCKET });
}

async function setConfig(admin: ReplayClient, bucket: string, revision: number, map: string): Promise<void> {
  const extras = Buffer.alloc(16);
  extras.writeBigInt64BE(1n, 0);
  extras.writeBigInt64BE(BigInt(revision), 8);
  await command(admin, Opcode.SetClusterConfig, { key: bucket, extras, datatype: 1, value: map });
}

/** The maps that were set for the recording; the server hands them out as they are, byte for byte. */
function bucketMap(name: string, rev: number, port: number): string {
  return JSON.stringify({
    rev,
    revEpoch: 1,
    collectionsManifestUid: '0',
    bucketCapabilities: [
      'collections',
      'durableWrite',
      'tombstonedUserXAttrs',
      'couchapi',
      'subdoc.ReplaceBodyWithXattr',
      'subdoc.DocumentMacroSupport',
      'subdoc.ReviveDocument',
      'dcp.IgnorePurgedTombstones',
      'preserveExpiry',
      'querySystemCollection',
      'mobileSystemCollection',
      'dcp',
      'cbhello',
      'touch',
      'cccp',
      'xdcrCheckpointing',
      'nodesExt',
      'xattr',
    ],
    name,
    nodeLocator: 'vbucket',
    uuid: BUCKET_UUID,
    bucketCapabilitiesVer: '',
    uri: `/pools/default/buckets/${name}?bucket_uuid=${BUCKET_UUID}`,
    streamingUri: `/pools/default/bucketsStreaming/${name}?bucket_uuid=${BUCKET_UUID}`,
    ddocs: { uri: `/pools/default/buckets/${name}/ddocs` },
    ...capabilities(),
    nodesExt: nodesExt(port),
    nodes: [
      {
        couchApiBase: `http://127.0.0.1:8092/${name}%2B${BUCKET_UUID}`,
        hostname: '127.0.0.1:8091',
        ports: { direct: port },
      },
    ],
    vBucketServerMap: {
      hashAlgorithm: 'CRC',
      numReplicas: 0,
      serverList: [`127.0.0.1:${port}`],
      vBucketMap: new Array(1024).fill([0]),
    },
  });
}

function globalMap(rev: number, port: number): string {
  return JSON.stringify({ rev, revEpoch: 1, nodesExt: nodesExt(port), ...capabilities() });
}

function nodesExt(port: number): object[] {
  return [{ services: { mgmt: 8091, kv: port }, thisNode: true, hostname: '127.0.0.1' }];
}

function capabilities(): object {
  return { clusterCapabilitiesVer: [1, 0], clusterCapabilities: { n1ql: ['enhancedPreparedStatements'] } };
}

interface RequestParts {
  readonly extras?: Buffer;
  readonly key?: string;
  readonly value?: string;
  readonly vbucket?: number;
  readonly datatype?: number;
  readonly opaque?: number;
}

function requestBytes(opcode: number, parts: RequestParts): Buffer {
  const writer = new FrameWriter();
  writer.begin(Magic.Request, opcode);
  writer.raw(parts.extras ?? Buffer.alloc(0));
  writer.endExtras();
  writer.utf8(parts.key ?? '');
  writer.endKey();
  writer.utf8(parts.value ?? '');
  writer.end(parts.vbucket ?? 0, parts.datatype ?? 0, parts.opaque ?? 0, 0, 0);
  return Buffer.from(writer.written);
}

/** Sends one request and waits for its answer. @throws Error when that is not a success. */
async function command(client: ReplayClient, opcode: number, parts: RequestParts): Promise<void> {
  client.send(requestBytes(opcode, parts));
  await client.waitFor((packets) => packets.length > 0, 5000);
  const [answer] = client.take();
  const status = answer?.readUInt16BE(6);
  if (status !== 0) throw new Error(`setting up the test bed: opcode 0x${opcode.toString(16)} answered ${status}`);
}
