import { Frame, u32 } from '../src/frame.js';

function frameOf(hex: string, start = 0): Frame {
  const frame = new Frame();
  frame.readHeader(Buffer.concat([Buffer.alloc(start), Buffer.from(hex.replaceAll(/\s/g, ''), 'hex')]), start);
  return frame;
}

describe('reads', () => {
  // kv_engine docs/BinaryProtocol.md, "0x02 Add": "Hello" = "World", flags 0xdeadbeef, expiry 0xe10.
  test('the documented add request', () => {
    const frame = frameOf(
      '80020005 08000000 00000012 00000000 00000000 00000000 deadbeef 00000e10 48656c6c6f 576f726c64',
    );
    expect(frame).toMatchObject({
      magic: 0x80,
      opcode: 2,
      datatype: 0,
      vbucket: 0,
      opaque: 0,
      cas: 0n,
      bodyLength: 18,
    });
    expect(u32(frame.extras, 0)).toBe(0xdeadbeef);
    expect(u32(frame.extras, 4)).toBe(0xe10);
    expect(frame.key.toString()).toBe('Hello');
    expect(frame.value.toString()).toBe('World');
    expect(frame.framingLength).toBe(0);
    expect(frame.isConsistent).toBe(true);
  });

  // A 7.2.4 server's answer to a get with tracing agreed.
  test('a response with framing extras, from the middle of other bytes', () => {
    const frame = frameOf('180a0300 00000001 00000003 00000048 18e9b28ff5b50000 020003', 5);
    expect(frame).toMatchObject({ magic: 0x18, opcode: 0x0a, status: 1, opaque: 0x48, framingLength: 3, keyLength: 0 });
    expect(frame).toMatchObject({ casHigh: 0x18e9b28f, casLow: 0xf5b50000, cas: 0x18e9b28ff5b50000n });
    expect(frame.framing.toString('hex')).toBe('020003');
    expect([frame.framingStart, frame.extrasStart, frame.keyStart, frame.valueStart, frame.end]).toEqual([
      29, 32, 32, 32, 32,
    ]);
    expect(frame.valueLength).toBe(0);
  });

  test('the key length as two bytes, or one next to the framing extras', () => {
    expect(frameOf('80000102 00000000 00000102 00000000 0000000000000000')).toMatchObject({
      keyLength: 0x102,
      framingLength: 0,
    });
    expect(frameOf('08000102 00000000 00000003 00000000 0000000000000000')).toMatchObject({
      keyLength: 2,
      framingLength: 1,
    });
  });

  test('numbers with the highest bit as unsigned', () => {
    const frame = frameOf('81000000 0000ffff 00000000 ffffffff ffffffff fffffffe');
    expect(frame).toMatchObject({ status: 0xffff, opaque: 0xffffffff, casHigh: 0xffffffff, cas: 0xfffffffffffffffen });
  });
});

test.each([
  ['a key longer than the body', '80000005 00000000 00000004 00000000 0000000000000000'],
  ['extras longer than the body', '80000000 05000000 00000004 00000000 0000000000000000'],
  ['parts that together are', '08000202 02000000 00000005 00000000 0000000000000000'],
])('%s is inconsistent', (_, hex) => {
  expect(frameOf(hex).isConsistent).toBe(false);
});

test('parts are seen in place, not copied', () => {
  const frame = frameOf('80000001 00000000 00000002 00000000 0000000000000000 6162');
  frame.bytes[24] = 0x78;
  expect(frame.key.toString()).toBe('x');
});
