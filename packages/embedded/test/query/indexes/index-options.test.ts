import * as engine from '@cb/sqlpp';
import { readAlteration, readIndexOptions } from '../../../src/query/indexes/index-options.js';
import { primary } from './indexed-bucket.js';

function read(options: engine.ObjectValue, nodes = 3) {
  return readIndexOptions(engine, { ...primary(), isPrimary: false, with: options }, nodes);
}

test.each([
  [{}, { isDeferred: false, replicas: 0 }],
  [{ defer_build: true }, { isDeferred: true, replicas: 0 }],
  [
    { defer_build: 'TRUE', num_replica: 2 },
    { isDeferred: true, replicas: 2 },
  ],
  [
    { defer_build: 'false', num_replica: '1' },
    { isDeferred: false, replicas: 1 },
  ],
  [{ nodes: ['a:8091', 'b:8091'] }, { isDeferred: false, replicas: 1 }],
  [
    { nodes: 'a:8091', num_partition: 8 },
    { isDeferred: false, replicas: 0 },
  ],
])('WITH %j is read as %j', (options, expected) => {
  expect(read(options)).toEqual(expected);
});

test.each([
  [
    { defer: true },
    /GSI CreateIndex\(\) - cause: Invalid parameters in with-clause: 'defer'. Valid parameters are {2}'nodes', /,
  ],
  [{ defer_build: 1 }, /Parameter defer_build must be a boolean value of \(true or false\)/],
  [{ num_replica: 1.5 }, /Parameter num_replica must be a integer value/],
  [{ num_replica: -1 }, /Parameter num_replica must be a positive value/],
  [
    { num_replica: 3 },
    /There are not enough indexer nodes to create index with replica count of 3\. Some indexer nodes/,
  ],
  [{ num_replica: 2, nodes: ['a', 'b'] }, /There are more replica than specified node list/],
  [{ nodes: [1] }, /Node '1' is not valid/],
  [{ num_partition: 0 }, /Parameter num_partition must be a positive value/],
])('WITH %j is refused', (options, message) => {
  expect(() => read(options)).toThrow(message);
  expect(() => read(options)).toThrow(engine.StatementError);
});

test('a primary index is refused in the words for that', () => {
  const definition = { ...primary(), with: { num_replica: 1 } };
  expect(() => readIndexOptions(engine, definition, 1)).toThrow(
    /^GSI CreatePrimaryIndex\(\) - cause: Fails to create index/,
  );
});

test('ALTER INDEX changes the number of replicas, and nothing else', () => {
  expect(readAlteration(engine, { action: 'replica_count', num_replica: 1 }, 2)).toBe(1);
  expect(readAlteration(engine, { action: 'move', nodes: ['a'] }, 2)).toBeUndefined();
  expect(() => readAlteration(engine, { action: 'replica_count', num_replica: 2 }, 2)).toThrow(
    /not enough indexer nodes/,
  );
  expect(() => readAlteration(engine, { action: 'grow' }, 2)).toThrow(/GSI AlterIndex\(\) - cause: Unsupported action/);
  expect(() => readAlteration(engine, { action: 'replica_count' }, 2)).toThrow(/Missing num_replica/);
});
