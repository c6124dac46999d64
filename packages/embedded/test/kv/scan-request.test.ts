import { parseScanRequest } from '../../src/kv/scan-request.js';

/** From the examples of kv_engine docs/range_scans/range_scan_create.md. */
const DOCUMENTED = { collection: 'f2', range: { end: 'dXNlcv8=', start: 'dXNlcg==' } };

test('reads the documented examples', () => {
  expect(parseScanRequest(JSON.stringify(DOCUMENTED))).toEqual({
    spec: {
      collection: 0xf2,
      keyOnly: false,
      includeXattrs: false,
      of: { start: 'user', end: 'user\xff', startIsIncluded: true, endIsIncluded: true },
    },
    snapshot: undefined,
  });
  const requirements = { vb_uuid: '16627788222', seqno: 1000, timeout_ms: 2000 };
  expect(
    parseScanRequest(JSON.stringify({ ...DOCUMENTED, key_only: true, snapshot_requirements: requirements })),
  ).toMatchObject({
    spec: { keyOnly: true },
    snapshot: { uuid: 16_627_788_222n, seqno: 1000, seqnoExists: false, timeoutMs: 2000 },
  });
  expect(parseScanRequest('{"collection":"f2","sampling":{"seed":18111,"samples":512}}')).toMatchObject({
    spec: { of: { seed: 18_111, samples: 512 } },
  });
  expect(parseScanRequest('{"range":{"excl_start":"YQ==","excl_end":"Yg=="}}')).toMatchObject({
    spec: { collection: 0, of: { start: 'a', end: 'b', startIsIncluded: false, endIsIncluded: false } },
  });
});

test.each([
  ['no JSON', 'x'],
  ['no object', '[]'],
  ['nothing to scan', '{}'],
  ['a range and a sample', '{"range":{"start":"","end":""},"sampling":{"samples":1}}'],
  ['no end', '{"range":{"start":"YQ=="}}'],
  ['two starts', '{"range":{"start":"YQ==","excl_start":"YQ==","end":"Yg=="}}'],
  ['no base64', '{"range":{"start":"?","end":"Yg=="}}'],
  ['a long key', `{"range":{"start":"","end":"${Buffer.alloc(251).toString('base64')}"}}`],
  ['a bad collection', '{"collection":"x","sampling":{"samples":1}}'],
  ['no samples', '{"sampling":{"samples":0}}'],
  ['a bad seed', '{"sampling":{"samples":1,"seed":"x"}}'],
  ['xattrs of keys', '{"key_only":true,"include_xattrs":true,"sampling":{"samples":1}}'],
  ['a long name', `{"name":"${'n'.repeat(51)}","sampling":{"samples":1}}`],
  ['a number for a uuid', '{"sampling":{"samples":1},"snapshot_requirements":{"vb_uuid":1,"seqno":1}}'],
  ['no seqno', '{"sampling":{"samples":1},"snapshot_requirements":{"vb_uuid":"1"}}'],
])('says what is wrong: %s', (_name, text) => {
  expect(typeof parseScanRequest(text)).toBe('string');
});
