import { goldenPath, readGolden } from '../../../test/data/golden.js';
import { ClusterMap } from '../src/cluster-map.js';
import { ErrorMap } from '../src/error-map.js';
import { parseExtendedError } from '../src/extended-error.js';
import type { Frame } from '../src/frame.js';
import { FrameParser, type FrameParserOptions } from '../src/frame-parser.js';
import { FrameWriter } from '../src/frame-writer.js';
import { Magic } from '../src/magic.js';
import { Opcode, ServerOpcode } from '../src/opcode.js';
import { Status } from '../src/status.js';
import { vbucketOf } from '../src/vbucket-hash.js';
import { contentOf, writeContent } from './frame-bytes.js';

/** Requests that are not frames: a real server closes the connection, or passes over them. */
const BROKEN_REQUESTS: readonly string[] = [
  'bad magic 0x55',
  'response magic 0x81 from client',
  'server request magic 0x82 from client',
  'keylen beyond body',
  'extlen beyond body',
  'body of 31 MiB announced',
].flatMap((name) => [name, `${name} no xerror`]);

/** A DCP stream is the one case where the server sends requests with the client's magic. */
const DCP_STREAMS: readonly string[] = ['dcp stream req 0..max, to the end'];

const exchanges = readGolden();
const whenRecorded = goldenPath !== undefined ? describe : describe.skip;

/** Reads every frame and writes it again. */
function rewritten(stream: Buffer, reads: FrameParserOptions['reads']): Buffer {
  const writer = new FrameWriter();
  const parser = new FrameParser((frame) => writeContent(writer, contentOf(frame)), { reads });
  parser.push(stream);
  if (parser.carriedBytes > 0) throw new Error(`${parser.carriedBytes} bytes are left`);
  return Buffer.from(writer.written);
}

/** Every response frame that is recorded whole. */
function eachResponse(visit: (frame: Frame, name: string, request: Buffer) => void): void {
  for (const { name, request, responses = [], responseTruncated } of exchanges) {
    if (responseTruncated === true || DCP_STREAMS.includes(name)) continue;
    const parser = new FrameParser((frame) => visit(frame, name, Buffer.from(request, 'hex')), { reads: 'responses' });
    for (const response of responses) parser.push(Buffer.from(response, 'hex'));
  }
}

whenRecorded('the recorded exchanges of a real server (../shared/data/golden)', () => {
  const whole = exchanges.filter(({ requestTruncated }) => requestTruncated === undefined);

  test('are all there', () => {
    expect(exchanges).toHaveLength(2401);
    expect(whole).toHaveLength(2397);
  });

  test('have requests that are read, and written again byte for byte', () => {
    const wrong = whole.filter(({ name, request }) => {
      if (BROKEN_REQUESTS.includes(name)) return false;
      return rewritten(Buffer.from(request, 'hex'), 'requests').toString('hex') !== request;
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('have broken requests that are refused', () => {
    const broken = whole.filter(({ name }) => BROKEN_REQUESTS.includes(name));
    expect(broken.map(({ name }) => name).sort()).toEqual([...BROKEN_REQUESTS].sort());
    for (const { request } of broken)
      expect(() => rewritten(Buffer.from(request, 'hex'), 'requests')).toThrow(/magic|limit|fit/);
  });

  test('have responses that are read, and written again byte for byte', () => {
    let count = 0;
    for (const { name, responses = [], responseTruncated } of exchanges) {
      if (responseTruncated === true) continue;
      for (const response of responses) {
        const stream = Buffer.from(response, 'hex');
        const isRequest = DCP_STREAMS.includes(name) && stream[0] === Magic.Request;
        expect({ name, frame: rewritten(stream, isRequest ? 'requests' : 'responses').toString('hex') }).toEqual({
          name,
          frame: response,
        });
        count++;
      }
    }
    expect(count).toBeGreaterThan(2000);
  });

  test('have keys in the vbucket that the hash says', () => {
    const misplaced: string[] = [];
    let count = 0;
    for (const { name, group, features, request } of whole) {
      // Named collections prefix their keys, and the group vb asks for vbuckets that it should not.
      if (group !== 'crud' || features.includes(0x12)) continue;
      new FrameParser(
        (frame) => {
          if (frame.opcode !== Opcode.Set || frame.keyLength === 0) return;
          count++;
          if (vbucketOf(frame.key, 1024) !== frame.vbucket) misplaced.push(name);
        },
        { reads: 'requests' },
      ).push(Buffer.from(request, 'hex'));
    }
    expect(misplaced).toEqual([]);
    expect(count).toBeGreaterThan(50);
  });

  test('have cluster configurations that are understood, asked for or pushed', () => {
    const maps: ClusterMap[] = [];
    eachResponse((frame) => {
      const isAnswer = frame.magic === Magic.Response && frame.opcode === Opcode.GetClusterConfig && frame.status === 0;
      const isPush = frame.magic === Magic.ServerRequest && frame.opcode === ServerOpcode.ClustermapChangeNotification;
      const isNotMine = frame.magic === Magic.Response && frame.status === Status.NotMyVbucket;
      if ((isAnswer || isPush || isNotMine) && frame.valueLength > 0)
        maps.push(ClusterMap.parse(frame.value, '127.0.0.1'));
    });
    expect(maps.length).toBeGreaterThan(10);
    const ofBucket = maps.filter(({ bucket }) => bucket === 'default');
    for (const map of ofBucket) expect(map).toMatchObject({ vbuckets: 1024, nodeLocator: 'vbucket' });
    const ofCluster = maps.filter(({ bucket }) => bucket === undefined);
    for (const map of ofCluster) expect(map).toMatchObject({ vbuckets: 0, nodeLocator: undefined });
    expect(ofBucket.length + ofCluster.length).toBe(maps.length);
    expect(Math.min(ofBucket.length, ofCluster.length)).toBeGreaterThan(0);
    expect(ofBucket[0]).toMatchObject({ revEpoch: 1, rev: 5, numReplicas: 0, collectionsManifestUid: 0n });
    expect(ofBucket[0]?.nodes[0]).toMatchObject({
      hostname: '127.0.0.1',
      plain: { kv: 11317, mgmt: 8091 },
      thisNode: true,
    });
  });

  test('have error maps that are understood', () => {
    const maps: ErrorMap[] = [];
    eachResponse((frame) => {
      if (frame.opcode === Opcode.GetErrorMap && frame.status === Status.Success)
        maps.push(ErrorMap.parse(frame.value));
    });
    expect(maps.map(({ version, size }) => [version, size])).toContainEqual([2, 66]);
    for (const map of maps)
      expect([...map.entryOf(Status.AuthStale)!.attributes].sort()).toEqual(['auth', 'conn-state-invalidated']);
  });

  test('have reasons for failures that are found', () => {
    const reasons = new Map<string, string | undefined>();
    let references = 0;
    eachResponse((frame, name) => {
      if (frame.status === Status.Success) return;
      const { context, ref } = parseExtendedError(frame);
      if (context !== undefined) reasons.set(name, context);
      if (ref !== undefined) references++;
    });
    expect(reasons.get('sasl empty mechanism')).toBe('Request must include key');
    expect(reasons.size).toBeGreaterThan(100);
    expect(references).toBeGreaterThan(10);
  });
});
