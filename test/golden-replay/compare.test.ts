import { Magic, Opcode } from '@cb/protocol';
import type { GoldenExchange } from '../data/golden.js';
import { difference } from './compare.js';
import { splitPackets } from './packet.js';

/** A reply to a GET: flags as extras, a CAS, a value. */
function reply(value: string, changes: { cas?: number; status?: number; framing?: Buffer } = {}): Buffer {
  const framing = changes.framing ?? Buffer.alloc(0);
  const header = Buffer.alloc(24);
  header[0] = framing.length > 0 ? Magic.AltResponse : Magic.Response;
  header[1] = Opcode.Get;
  header[2] = framing.length;
  header[4] = 4;
  header.writeUInt16BE(changes.status ?? 0, 6);
  header.writeUInt32BE(framing.length + 4 + value.length, 8);
  header.writeUInt32BE(changes.cas ?? 1, 20);
  return Buffer.concat([header, framing, Buffer.alloc(4), Buffer.from(value)]);
}

function exchange(recorded: readonly Buffer[], rest: Partial<GoldenExchange> = {}): GoldenExchange {
  const responses = recorded.map((packet) => packet.toString('hex'));
  return { name: '', group: '', conn: 1, user: null, bucket: null, features: [], request: '', responses, ...rest };
}

test('the same packets do not differ', () => {
  expect(difference(exchange([reply('a'), reply('b')]), [reply('a'), reply('b')])).toBeUndefined();
  expect(difference(exchange([]), [])).toBeUndefined();
});

test.each<[string, Buffer[]]>([
  ['a packet that is missing', []],
  ['a packet too many', [reply('a'), reply('a')]],
  ['another value', [reply('b')]],
  ['a longer value', [reply('aa')]],
  ['another status', [reply('a', { status: 1 })]],
  ['another CAS', [reply('a', { cas: 2 })]],
])('%s is told', (_name, came) => {
  expect(difference(exchange([reply('a')]), came)).toBeDefined();
});

test('what varies is not compared, and all else is', () => {
  const varies = exchange([reply('a')], { vary: ['r0.cas'] });
  expect(difference(varies, [reply('a', { cas: 2 })])).toBeUndefined();
  expect(difference(varies, [reply('b', { cas: 2 })])).toBeDefined();
  const second = exchange([reply('a'), reply('b')], { vary: ['r1.cas'] });
  expect(difference(second, [reply('a', { cas: 2 }), reply('b')])).toBeDefined();
});

test('a range of hexadecimal text goes as far as that text', () => {
  const varies = exchange([reply('"ref":"12ab-34"}')], { vary: ['r0.value[8:10]'] });
  expect(difference(varies, [reply('"ref":"99cd-56"}')])).toBeUndefined();
  expect(difference(varies, [reply('"ref":"12ab-34"]')])).toBeDefined();
});

test('the duration of a traced reply is a measurement', () => {
  const traced = (first: number, low: number): Buffer => reply('a', { framing: Buffer.from([first, 0, low]) });
  expect(difference(exchange([traced(2, 7)]), [traced(2, 9)])).toBeUndefined();
  expect(difference(exchange([traced(2, 7)]), [traced(3, 7)])).toBeDefined();
});

test('of a long row only what was kept is compared', () => {
  const note = 'trimmed: 4 packets received, the first 1 and the last kept';
  const kept = exchange([reply('a'), reply('z')], { note });
  expect(difference(kept, [reply('a'), reply('b'), reply('c'), reply('z')])).toBeUndefined();
  expect(difference(kept, [reply('a'), reply('b'), reply('c'), reply('y')])).toBeDefined();
});

test('packets in a row are told apart', () => {
  const packets = [reply('a'), reply('bcd'), reply('')];
  expect(splitPackets(Buffer.concat(packets))).toEqual(packets);
});
