import { EmbeddedCluster } from '@cb/embedded';
import { main } from '../../src/main.js';
import { RecordingTerminal } from '../recording-terminal.js';

describe('cb pillowfight', () => {
  let cluster: EmbeddedCluster;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({ nodes: 2, buckets: { default: { collections: { s: ['c'] } } } });
  });

  afterAll(() => cluster.stop());

  async function fight(...options: string[]): Promise<{ status: number; terminal: RecordingTerminal }> {
    const terminal = new RecordingTerminal();
    const session = ['-U', `${cluster.connectionString}/default`, '-u', cluster.username, '-P', cluster.password];
    const status = await main(['pillowfight', ...session, ...options], terminal);
    return { status, terminal };
  }

  test('writes all documents, then reads and writes as often as it is told to', async () => {
    const { status, terminal } = await fight(
      '-I',
      '50',
      '-B',
      '10',
      '-c',
      '20',
      '-r',
      '50',
      '-p',
      'a:',
      '-M',
      '200',
      '-T',
    );
    expect(status).toBe(0);
    expect(terminal.printed).toMatch(/^10 operations in flight to 127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+$/m);
    expect(terminal.printed).toMatch(/^50 documents written in /m);
    const [, reads, writes] = terminal.printed.match(/^200 operations in .*: \d+\/s \((\d+) reads, (\d+) writes\)$/m)!;
    expect(Number(reads) + Number(writes)).toBe(200);
    expect(Number(reads)).toBeGreaterThan(50);
    expect(terminal.printed).toMatch(/^latency p50 .* ms, p90 .*, p99 .*, p99\.9 .*, max .* ms$/m);
    const counts = [...terminal.printed.matchAll(/\| (\d+)$/gm)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(200);
    expect(cluster.bucket('default').peek('a:00000000000000000049')?.value.length).toBeLessThanOrEqual(200);
  });

  test('stores JSON in collections, in turn', async () => {
    const { status } = await fight('--json', '--populate-only', '-I', '4', '-p', 'j:', '--collection', 's.c');
    expect(status).toBe(0);
    const document = cluster.bucket('default').peek('j:00000000000000000003', { scope: 's', collection: 'c' });
    expect(Object.keys(JSON.parse(document!.value.toString()))).toEqual(['text']);
  });

  test('makes the same load from the same seed', async () => {
    await fight('--populate-only', '-I', '5', '-p', 'x:', '--random-seed', '7');
    await fight('--populate-only', '-I', '5', '-p', 'y:', '--random-seed', '7');
    const bucket = cluster.bucket('default');
    for (let item = 0; item < 5; item++) {
      const key = String(item).padStart(20, '0');
      expect(bucket.peek(`x:${key}`)!.value).toEqual(bucket.peek(`y:${key}`)!.value);
    }
  });

  test('counts what is not there, and what fails', async () => {
    const misses = await fight('-n', '-r', '0', '-c', '2', '-B', '5', '-p', 'none:');
    expect(misses.status).toBe(0);
    expect(misses.terminal.printed).toContain('10 reads, 0 writes, 10 not found');
    const failures = await fight('-n', '-c', '1', '-B', '3', '--collection', 's.gone');
    expect(failures.status).toBe(1);
    expect(failures.terminal.printed).toMatch(
      /3 failed with collection_not_found; the first: there is no collection s\.gone/,
    );
  });

  test('keeps to a rate', async () => {
    const startedAt = performance.now();
    await fight('--noop', '-B', '2', '-c', '15', '--rate-limit', '100');
    expect(performance.now() - startedAt).toBeGreaterThan(200);
  });

  test.each([
    [['-m', '9', '-M', '8'], '--max-size (8) is below --min-size (9)'],
    [['-n', '--populate-only'], 'cannot be combined'],
    [['--durability', 'most'], '--durability must be one of none, majority'],
    [['--collection', 'c'], '--collection must be SCOPE.COLLECTION'],
    [['--set-pct', '101'], '--set-pct must be a whole number from 0 to 100'],
    [['--num-item', '1'], 'did you mean --num-items?'],
  ])('refuses %j', async (options, message) => {
    const { status, terminal } = await fight(...options);
    expect(status).toBe(2);
    expect(terminal.complaint).toContain(message);
  });
});
