import { Feature, Opcode, Status } from '@cb/protocol';
import { FEATURES_7_2 } from '../../src/config/features.js';
import { Server, storeExtras } from './conversation.js';
import { reader } from './reader.js';

function context(frame: { value: Buffer }): unknown {
  return JSON.parse(frame.value.toString()).error.context;
}

test('a key whose vbucket is elsewhere is refused, without a map when there is none', () => {
  const client = new Server().connect();
  for (const vbucket of [1, 3, 4, 0xffff]) {
    expect(client.one(Opcode.Get, { key: 'k', vbucket })).toMatchObject({ status: Status.NotMyVbucket, bodyLength: 0 });
  }
});

test('the map comes with every refusal', () => {
  const server = new Server();
  const json = Buffer.from('{"rev":5}');
  server.node.setConfig('b', { epoch: 1n, revision: 5n, json });
  const client = server.connect();
  for (let time = 0; time < 2; time++) {
    const answer = client.one(Opcode.Get, { key: 'k', vbucket: 1 });
    expect(answer.status).toBe(Status.NotMyVbucket);
    expect(answer.datatype).toBe(1);
    expect(answer.value).toEqual(json);
  }
});

test('a pending vbucket parks the request and what comes behind it', () => {
  const server = new Server();
  server.bucket.setVbucketState(2, 'pending');
  const client = server.connect();
  expect(client.ask(Opcode.Get, { key: 'k', vbucket: 2, opaque: 1 })).toEqual([]);
  expect(client.ask(Opcode.Get, { key: 'k', opaque: 2 })).toEqual([]);
  server.bucket.setVbucketState(2, 'active');
  expect(client.arrived().map(({ opaque, status }) => [opaque, status])).toEqual([
    [1, Status.KeyNotFound],
    [2, Status.KeyNotFound],
  ]);
});

test('with unordered execution a get overtakes a parked get, and a noop does not', () => {
  const server = new Server();
  server.bucket.setVbucketState(2, 'pending');
  const client = server.connect([Feature.Xerror, Feature.UnorderedExecution]);
  client.ask(Opcode.Get, { key: 'k', vbucket: 2, opaque: 1 });
  expect(client.ask(Opcode.Get, { key: 'k', opaque: 2 }).map(({ opaque }) => opaque)).toEqual([2]);
  expect(client.ask(Opcode.Noop, { opaque: 3 })).toEqual([]);
  // Behind the noop nothing overtakes any more.
  expect(client.ask(Opcode.Get, { key: 'k', opaque: 4 })).toEqual([]);
  server.bucket.setVbucketState(2, 'dead');
  expect(client.arrived().map(({ opaque, status }) => [opaque, status])).toEqual([
    [1, Status.NotMyVbucket],
    [3, Status.Success],
    [4, Status.KeyNotFound],
  ]);
});

test('a missing privilege is named', () => {
  const server = new Server();
  const client = reader(server);
  expect(client.status(Opcode.Get, { key: 'k' })).toBe(Status.KeyNotFound);
  const answer = client.one(Opcode.Add, { extras: storeExtras(), key: 'k', value: '1' });
  expect(answer.status).toBe(Status.Access);
  expect(context(answer)).toBe(`Authorization failure: can't execute ADD operation without the Upsert privilege`);
  expect(JSON.parse(answer.value.toString()).error.ref).toMatch(/^[0-9a-f-]{36}$/);
});

test('an unknown collection is answered with the uid of the manifest', () => {
  const client = new Server().connect([Feature.Xerror, Feature.Json, Feature.Collections]);
  const answer = client.one(Opcode.Get, { key: Buffer.from([0x20, 0x6b]) });
  expect(answer.status).toBe(Status.UnknownCollection);
  expect(JSON.parse(answer.value.toString())).toMatchObject({ manifest_uid: '0' });
});

test('a request is not answered by silence when its bucket is missing', () => {
  const server = new Server();
  const client = server.connect();
  expect(client.status(Opcode.SelectBucket, { key: '@no bucket@' })).toBe(Status.Success);
  expect(client.status(Opcode.Get, { key: 'k' })).toBe(Status.NoBucket);
});

test('a node of 7.2 knows no range scans, and no documents with their attributes', () => {
  const client = new Server({}, FEATURES_7_2).connect();
  for (const opcode of [Opcode.RangeScanCreate, Opcode.RangeScanContinue, Opcode.RangeScanCancel, Opcode.GetEx]) {
    expect(client.status(opcode, { key: 'k', value: '{}' })).toBe(Status.UnknownCommand);
  }
});
