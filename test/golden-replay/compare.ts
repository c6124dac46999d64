import { Magic, Opcode } from '@cb/protocol';
import type { GoldenExchange } from '../data/golden.js';
import { CAS, packetParts, type Span } from './packet.js';

/** Says where the packets that came differ from the recorded ones; undefined when they do not. */
export function difference(exchange: GoldenExchange, all: readonly Buffer[]): string | undefined {
  const came = trimmed(exchange, all);
  const recorded = (exchange.responses ?? []).map((hex) => Buffer.from(hex, 'hex'));
  if (came.length !== recorded.length) {
    return `${came.length} packets instead of ${recorded.length}: ${came.map(describe).join(' | ')}`;
  }
  for (const [index, expected] of recorded.entries()) {
    const found = came[index]!;
    const shown = exchange.responseTruncated ? found.subarray(0, expected.length) : found;
    const complaint = packetDifference(expected, shown, maskOf(exchange, index, expected));
    if (complaint !== undefined) {
      return `packet ${index}: ${complaint}\n  recorded ${describe(expected)}\n  came     ${describe(found)}`;
    }
  }
  return undefined;
}

/** Of a long row of packets the recording keeps the first ones and the last. */
function trimmed({ note = '', responses = [] }: GoldenExchange, all: readonly Buffer[]): readonly Buffer[] {
  if (!note.startsWith('trimmed:') || all.length <= responses.length) return all;
  return [...all.slice(0, responses.length - 1), all.at(-1)!];
}

/** What is not compared in one packet. */
interface Mask {
  readonly spans: readonly Span[];
  /** The value is left out altogether, its length included. */
  readonly skipsValue: boolean;
}

function packetDifference(expected: Buffer, found: Buffer, mask: Mask): string | undefined {
  const left = strip(expected, mask);
  const right = strip(found, mask);
  if (left.length !== right.length) return `${found.length} bytes instead of ${expected.length}`;
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at < 0 ? undefined : `byte ${at} is ${right[at]!.toString(16)} instead of ${left[at]!.toString(16)}`;
}

/** The packet with its masked bytes set to zero. */
function strip(packet: Buffer, { spans, skipsValue }: Mask): Buffer {
  const parts = packetParts(packet);
  const stripped = Buffer.from(skipsValue && parts !== undefined ? packet.subarray(0, parts.value.from) : packet);
  if (skipsValue) stripped.fill(0, 8, 12);
  for (const { from, to } of spans) stripped.fill(0, from, Math.min(to, stripped.length));
  return stripped;
}

function maskOf(exchange: GoldenExchange, index: number, expected: Buffer): Mask {
  const spans: Span[] = [];
  let skipsValue = false;
  const parts = packetParts(expected);
  // The time that the server took, as traced replies tell it, is a measurement.
  if (parts !== undefined && parts.frame.magic === Magic.AltResponse) {
    spans.push({ from: parts.framing.from + 1, to: parts.framing.to });
  }
  for (const entry of exchange.vary ?? []) {
    if (entry === 'session') spans.push(...sessionSpans(expected));
    const [, packet, part, range] = /^r(\d+)\.(\w+)(.*)$/.exec(entry) ?? [];
    if (parts === undefined || Number(packet) !== index) continue;
    if (part === 'cas') spans.push(CAS);
    else if (range === '.length') skipsValue = true;
    else spans.push(within(expected, part === 'frame' ? parts.framing : parts[part as 'extras' | 'value'], range!));
  }
  return { spans, skipsValue };
}

/**
 * The bytes of a range like `[17:53]`. Two recordings may agree in some characters of a random text by chance, so within
 * hexadecimal text the range goes on to where that text ends.
 */
function within(packet: Buffer, part: Span, range: string): Span {
  const [, first, last] = /^\[(\d+):(\d+)\]$/.exec(range)!;
  let from = part.from + Number(first);
  let to = part.from + Number(last);
  const isText = (at: number): boolean =>
    at >= part.from && at < part.to && /[0-9a-f-]/.test(String.fromCharCode(packet[at]!));
  if (!packet.subarray(from, to).every((_, at) => isText(from + at))) return { from, to };
  while (isText(from - 1)) from--;
  while (isText(to)) to++;
  return { from, to };
}

/** What no second recording can tell apart from the rest in an exchange that was recorded once. */
function sessionSpans(packet: Buffer): Span[] {
  const parts = packetParts(packet);
  if (parts === undefined) return [];
  const { frame, extras, value } = parts;
  const spans: Span[] = [];
  // 0 and ffffffffffffffff have a meaning.
  const cas = frame.cas;
  if (cas !== 0n && cas !== 0xffff_ffff_ffff_ffffn) spans.push(CAS);
  // A mutation token: the documents of that bucket had been written before.
  if (extras.to - extras.from === 16) spans.push(extras);
  if (frame.opcode === Opcode.SaslAuth || frame.opcode === Opcode.SaslStep) spans.push(value);
  for (const { index, 0: text } of packet.toString('latin1').matchAll(/"vbucket_uuid":"0x[0-9a-f]+"/g)) {
    spans.push({ from: index, to: index + text.length });
  }
  if (frame.opcode === Opcode.GetMeta) spans.push({ from: extras.from + 8, to: extras.from + 20 });
  return spans;
}

/** A packet as people read it. */
export function describe(packet: Buffer): string {
  const parts = packetParts(packet);
  if (parts === undefined) return packet.toString('hex');
  const { frame, framing, extras, key, value } = parts;
  const hex = (number: number): string => number.toString(16).padStart(2, '0');
  return [
    `${hex(frame.magic)}.${hex(frame.opcode)} status ${hex(frame.status)} opaque ${hex(frame.opaque)}`,
    frame.datatype === 0 ? '' : `datatype ${frame.datatype}`,
    frame.cas === 0n ? '' : `cas ${frame.cas.toString(16)}`,
    show('framing', packet, framing),
    show('extras', packet, extras),
    show('key', packet, key),
    show('value', packet, value),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function show(name: string, packet: Buffer, { from, to }: Span): string {
  if (from >= to) return '';
  const bytes = packet.subarray(from, to);
  const text = bytes.toString('latin1');
  const shown = /^[\x20-\x7e]+$/.test(text) ? JSON.stringify(text) : bytes.toString('hex');
  return `${name} ${shown.length > 400 ? `${shown.slice(0, 400)}… (${bytes.length} bytes)` : shown}`;
}
