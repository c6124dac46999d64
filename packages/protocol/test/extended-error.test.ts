import { parseExtendedError } from '../src/extended-error.js';
import { Frame } from '../src/frame.js';
import { FrameWriter } from '../src/frame-writer.js';
import { Magic } from '../src/magic.js';

function failed(value: string): Frame {
  const writer = new FrameWriter();
  writer.begin(Magic.Response, 0);
  writer.utf8(value);
  writer.end(0x24, 0, 0, 0, 0);
  const frame = new Frame();
  frame.readHeader(writer.bytes, 0);
  return frame;
}

test.each([
  ['{"error":{"context":"Request must not include value"}}', { context: 'Request must not include value' }],
  ['{"error":{"ref":"d8192f8e-3679-4341-e2ae-f5535ae86c9a"}}', { ref: 'd8192f8e-3679-4341-e2ae-f5535ae86c9a' }],
  ['{"error":{"context":"é","ref":"r"},"manifest_uid":"1f"}', { context: 'é', ref: 'r' }],
])('%s', (value, expected) => {
  expect(parseExtendedError(failed(value))).toEqual(expected);
});

test.each([
  '',
  '{',
  '{}',
  '{"error":null}',
  '{"error":"x"}',
  '{"error":[]}',
  '{"error":{"context":5,"ref":null}}',
  '{"manifest_uid":"1f"}',
  '["error"]',
  'null',
  'text',
  '\0\0\0\0',
])('%p says nothing', (value) => {
  expect(parseExtendedError(failed(value))).toEqual({});
});
