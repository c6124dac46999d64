import { Magic, Opcode, Status } from '@cb/protocol';
import type { SeededRandom } from '@cb/raw/simulation';
import { mutateJson } from './json-mutation.js';
import { type PacketParts, putTogether, takeApart } from './packet-parts.js';

const MAGICS: readonly number[] = Object.values(Magic);
const OPCODES: readonly number[] = Object.values(Opcode);
const STATUSES: readonly number[] = Object.values(Status);
const LENGTHS = [0, 1, 2, 4, 8, 24, 0x7f, 0x80, 0xff] as const;
const BODY_LENGTHS = [0, 1, 23, 0xffff, 30 * 1024 * 1024, 30 * 1024 * 1024 + 1, 0x7fffffff, 0xffffffff] as const;
const CAS = [0n, 1n, 0x8000000000000000n, 0xffffffffffffffffn] as const;
/** Lengths of a Snappy block's content, as its first bytes: none, 4 GiB, and one that has no end. */
const SNAPPY_LENGTHS = [[0x00], [0xff, 0xff, 0xff, 0xff, 0x0f], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x80]] as const;
/** Packets that came by are kept, to be mixed up with each other. */
const SEEN_MAX = 32;

type Change = (parts: PacketParts) => void;

/**
 * Makes packets into what they should not be. Most mutations change one part and leave the packet well-formed, so that
 * readers get as far as that part; some change lengths and magics, after which the stream means something else; and some
 * leave packets out, repeat them, or mix them up.
 */
export class Mutator {
  readonly #random: SeededRandom;
  readonly #donors: readonly Buffer[];
  readonly #seen: Buffer[] = [];
  readonly #changes: readonly Change[];

  /** @param donors whole packets of the same direction, whose parts are put into others */
  constructor(random: SeededRandom, donors: readonly Buffer[]) {
    this.#random = random;
    this.#donors = donors;
    this.#changes = [
      (parts) => this.#changeHeader(parts),
      (parts) => this.#changeHeader(parts),
      (parts) => this.#changePart(parts),
      (parts) => this.#changePart(parts),
      (parts) => this.#changeText(parts),
      (parts) => this.#changeText(parts),
      (parts) => this.#graft(parts),
      (parts) => this.#compress(parts),
      (parts) => this.#changeNumbers(parts),
      (parts) => this.#changeFraming(parts),
    ];
  }

  /** What goes out instead of a whole packet, which is not changed: nothing, one packet, or several. */
  mutate(packet: Buffer): Buffer[] {
    const random = this.#random;
    const dice = random.between(1, 100);
    let out: Buffer[];
    if (dice <= 84) out = [this.#changed(packet)];
    else if (dice <= 88) out = [this.#flipped(packet)];
    else if (dice <= 91) out = [this.#misstated(packet)];
    else if (dice <= 92) out = [packet.subarray(0, random.between(0, packet.length - 1))];
    else out = this.#rearranged(packet);
    if (this.#seen.length === SEEN_MAX) this.#seen.shift();
    this.#seen.push(Buffer.from(packet));
    return out;
  }

  #changed(packet: Buffer): Buffer {
    const parts = takeApart(packet);
    const times = this.#random.pick([1, 1, 1, 2, 3]);
    for (let time = 0; time < times; time++) this.#random.pick(this.#changes)(parts);
    return putTogether(parts);
  }

  #flipped(packet: Buffer): Buffer {
    const random = this.#random;
    const copy = Buffer.from(packet);
    for (let count = random.between(1, 4); count > 0; count--) {
      const at = random.between(0, copy.length - 1);
      copy[at] = random.chance(0.5) ? copy[at]! ^ (1 << random.between(0, 7)) : random.between(0, 255);
    }
    return copy;
  }

  /** A packet whose header does not tell its true lengths. */
  #misstated(packet: Buffer): Buffer {
    const random = this.#random;
    const copy = Buffer.from(packet);
    switch (random.between(0, 3)) {
      case 0:
        copy[random.between(2, 3)] = random.pick(LENGTHS);
        break;
      case 1:
        copy[4] = random.pick(LENGTHS);
        break;
      case 2:
        copy.writeUInt32BE(random.pick(BODY_LENGTHS), 8);
        break;
      default: {
        const length = copy.readUInt32BE(8) + random.pick([-1, 1, -4, 4, 24]);
        copy.writeUInt32BE(Math.max(0, length), 8);
      }
    }
    return copy;
  }

  #rearranged(packet: Buffer): Buffer[] {
    const random = this.#random;
    switch (random.between(0, 4)) {
      case 0:
        return [];
      case 1:
        return [packet, packet];
      case 2:
        return [random.pick([...this.#seen, packet]), packet];
      case 3:
        return [packet, random.bytes(random.between(1, 60))];
      default:
        return [random.pick([...this.#donors, packet]), packet];
    }
  }

  #changeHeader(parts: PacketParts): void {
    const random = this.#random;
    switch (random.between(0, 6)) {
      case 0:
        // Most of them end the stream.
        if (random.chance(0.3)) parts.magic = random.pick(MAGICS);
        break;
      case 1:
        parts.opcode = random.chance(0.8) ? random.pick(OPCODES) : random.between(0, 255);
        break;
      case 2:
      case 3:
        parts.vbucketOrStatus = random.chance(0.8) ? random.pick(STATUSES) : random.between(0, 0xffff);
        break;
      case 4:
        parts.datatype = random.chance(0.8) ? random.between(0, 7) : random.between(0, 255);
        break;
      case 5:
        parts.opaque = random.chance(0.7)
          ? (parts.opaque + random.pick([-1, 1, 2, 256])) >>> 0
          : random.pick([0, 0x7fffffff, 0xffffffff, random.u32()]);
        break;
      default:
        parts.cas = random.pick(CAS);
    }
  }

  #changePart(parts: PacketParts): void {
    const name = this.#random.pick(['extras', 'key', 'value', 'value'] as const);
    parts[name] = this.#other(parts[name]);
  }

  /** Bytes that are not these, but may have been made from them. */
  #other(bytes: Buffer): Buffer {
    const random = this.#random;
    switch (random.between(0, 6)) {
      case 0:
        return Buffer.alloc(0);
      case 1:
        return bytes.subarray(0, random.between(0, bytes.length));
      case 2:
        return Buffer.concat([bytes, random.bytes(random.between(1, 16))]);
      case 3:
        return Buffer.concat([bytes, bytes]);
      case 4:
        return random.bytes(random.pick(LENGTHS));
      case 5:
        return bytes.subarray(random.between(0, bytes.length));
      default:
        return bytes.length === 0 ? random.bytes(4) : this.#flipped(bytes);
    }
  }

  /** Maps, manifests, error bodies and documents by their structure; what SASL says by its numbers. */
  #changeText(parts: PacketParts): void {
    const random = this.#random;
    const text = parts.value.toString('utf8');
    const json = mutateJson(text, random);
    if (json !== undefined) {
      parts.value = Buffer.from(json);
      return;
    }
    const numbers = [...text.matchAll(/\d+/g)];
    if (numbers.length === 0 || text.includes('\ufffd')) {
      parts.value = this.#other(parts.value);
      return;
    }
    const { 0: digits, index } = random.pick(numbers);
    const other = random.pick([
      '0',
      '1',
      '-1',
      '4095',
      '10000000',
      '4294967296',
      '9'.repeat(30),
      '',
      'NaN',
      `0${digits}`,
    ]);
    parts.value = Buffer.from(`${text.slice(0, index)}${other}${text.slice(index + digits.length)}`);
  }

  /** Parts of another packet in the place of these. */
  #graft(parts: PacketParts): void {
    const random = this.#random;
    const pool = random.chance(0.5) && this.#seen.length > 0 ? this.#seen : this.#donors;
    if (pool.length === 0) return;
    const donor = takeApart(random.pick(pool));
    if (random.chance(0.3)) {
      // All but what ties an answer to its request.
      Object.assign(parts, donor, { magic: parts.magic, opaque: parts.opaque });
      if (random.chance(0.8)) parts.opcode = donor.opcode;
      return;
    }
    for (const name of ['extras', 'key', 'value'] as const) if (random.chance(0.5)) parts[name] = donor[name];
  }

  /** A value that says that it is compressed, and is not, or not as it says. */
  #compress(parts: PacketParts): void {
    const random = this.#random;
    parts.datatype |= 0x02;
    if (random.chance(0.2)) return;
    const { value } = parts;
    const claimed = random.chance(0.5) ? varint(value.length) : Buffer.from(random.pick(SNAPPY_LENGTHS));
    // One literal, as long as the value or as it likes, or copies of what is not there.
    const length = random.chance(0.6) ? value.length : random.between(0, 0xffff);
    const literal = Buffer.from([0xf4, Math.max(0, length - 1) & 0xff, (Math.max(0, length - 1) >> 8) & 0xff]);
    const copies = Buffer.from([0xfe, 0xff, 0xff, 0x01, 0x00, 0x0d, 0x01]);
    parts.value = Buffer.concat([claimed, literal, value, random.chance(0.3) ? copies : Buffer.alloc(0)]);
  }

  /** Extras and values are numbers of 2, 4 or 8 bytes more often than not. */
  #changeNumbers(parts: PacketParts): void {
    const random = this.#random;
    const name = parts.extras.length > 0 && random.chance(0.7) ? 'extras' : 'value';
    const bytes = parts[name];
    const width = random.pick([1, 2, 4] as const);
    if (bytes.length < width) return;
    const at = random.between(0, Math.floor(bytes.length / width) - 1) * width;
    const max = 2 ** (8 * width) - 1;
    bytes.writeUIntBE(random.pick([0, 1, max, (max + 1) / 2, (max - 1) / 2, random.between(0, max)]), at, width);
  }

  #changeFraming(parts: PacketParts): void {
    const random = this.#random;
    if (parts.magic === Magic.ServerRequest || parts.magic === Magic.ServerResponse) return;
    const id = random.between(0, 15);
    const length = random.between(0, 15);
    const isHonest = random.chance(0.7);
    const body = random.bytes(isHonest ? length : random.between(0, 20));
    const escaped = length === 15 ? random.bytes(1) : Buffer.alloc(0);
    const object = Buffer.concat([Buffer.from([(id << 4) | length]), escaped, body]);
    parts.framing = random.chance(0.5) ? object : Buffer.concat([parts.framing, object]);
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
