import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { Opcode, ScramClient, type ScramCrypto, type ScramMechanism } from '@cb/protocol';
import type { GoldenExchange } from '../data/golden.js';
import { packetParts, splitPackets } from './packet.js';

/** The passwords of the recording. Its one user who does not exist tried this one too. */
const PASSWORDS: Readonly<Record<string, string>> = {
  Administrator: 'password',
  écrivain: 'pässwörd',
  ghost: 'password',
};

/** How the CAS values begin that the recording server took from its clock. */
const RECORDED_CAS_PREFIX = '18e9';

interface ScramFirst {
  readonly message: string;
  readonly password: string;
  answer: string;
}

/**
 * What the server chose when the exchanges were recorded, and what it chooses now: a request that repeats such a value
 * gets the one of this run.
 */
export class Substitution {
  /** CAS values and vbucket uuids, both eight bytes in hex: recorded to current. */
  readonly #words = new Map<string, string>();
  /** The CAS values that held-out answers brought, by key, which the recording does not tell. */
  readonly #unrecorded = new Map<string, string[]>();
  /** The SCRAM exchange under way on each connection. */
  readonly #scram = new Map<number | string, ScramFirst>();

  /** The bytes to send for an exchange. */
  request(exchange: GoldenExchange): Buffer {
    const bytes = fullRequest(exchange);
    for (const entry of exchange.vary ?? []) {
      const [, first, last] = /^request\[(\d+):(\d+)\]$/.exec(entry) ?? [];
      if (first === undefined) continue;
      if (Number(first) >= 16 && Number(last) <= 24) this.#putWord(bytes, 16, exchange);
      else if (bytes[1] !== Opcode.SaslStep) this.#putWord(bytes, Number(first) - 2, exchange);
    }
    if (exchange.vary?.includes('session')) this.#putWord(bytes, 16, exchange);
    if (exchange.heldOut && isCasOfRecording(bytes)) this.#putWord(bytes, 16, exchange);
    return bytes[1] === Opcode.SaslStep ? this.#finalMessage(exchange, bytes) : bytes;
  }

  /** Takes note of what the server chose in its answers. */
  learn(exchange: GoldenExchange, sent: Buffer, came: readonly Buffer[]): void {
    if (sent[1] === Opcode.SaslAuth) this.#firstMessage(exchange, sent, came);
    if (exchange.heldOut) {
      for (const packet of came) if (isCas(packet)) this.#remember(keyOf(sent), word(packet, 16));
      return;
    }
    for (const [index, hex] of (exchange.responses ?? []).entries()) {
      const recorded = Buffer.from(hex, 'hex');
      const found = came[index];
      if (found === undefined || found.length < 24) continue;
      if (isCas(recorded)) this.#words.set(word(recorded, 16), word(found, 16));
      const token = packetParts(recorded)?.extras;
      if (token !== undefined && token.to - token.from === 16 && found.length >= token.to) {
        this.#words.set(word(recorded, token.from), word(found, token.from));
      }
    }
  }

  #putWord(bytes: Buffer, at: number, { name }: GoldenExchange): void {
    const recorded = word(bytes, at);
    if (/^0+$/.test(recorded)) return;
    const current =
      this.#words.get(recorded) ?? this.#neighbour(recorded) ?? this.#unrecordedCas(recorded, keyOf(bytes), name);
    if (current !== undefined) bytes.write(current, at, 'hex');
  }

  /** For a CAS made wrong on purpose by adding to a right one: the same sum in this run. */
  #neighbour(recorded: string): string | undefined {
    const [high, low] = [recorded.slice(0, 12), recorded.slice(12)];
    const current = low === '0000' ? undefined : this.#words.get(`${high}0000`);
    if (current === undefined) return undefined;
    return (BigInt(`0x${current}`) + BigInt(`0x${low}`)).toString(16).padStart(16, '0');
  }

  /** A CAS from a held-out answer: the latest of the key, or the one before for a request that is to fail by it. */
  #unrecordedCas(recorded: string, key: string, name: string): string | undefined {
    if (!recorded.startsWith(RECORDED_CAS_PREFIX)) return undefined;
    const known = this.#unrecorded.get(key) ?? [];
    const current = (name.includes('wrong cas') ? known.at(-2) : undefined) ?? known.at(-1);
    if (current !== undefined) this.#words.set(recorded, current);
    return current;
  }

  #remember(key: string, cas: string): void {
    this.#unrecorded.set(key, [...(this.#unrecorded.get(key) ?? []), cas]);
  }

  #firstMessage(exchange: GoldenExchange, sent: Buffer, came: readonly Buffer[]): void {
    const message = textOf(sent);
    const [, user] = /^n,,n=([^,]*),r=/.exec(message) ?? [];
    if (user === undefined) return;
    const password = exchange.name.includes('wrong password') ? 'wrong' : (PASSWORDS[user] ?? '');
    this.#scram.set(exchange.conn, { message, password, answer: came[0] === undefined ? '' : textOf(came[0]) });
  }

  /** The client's last message with the nonce of this run, and the proof that goes with it. */
  #finalMessage({ conn }: GoldenExchange, bytes: Buffer): Buffer {
    const first = this.#scram.get(conn);
    const [, recordedNonce] = /,r=([^,]*),p=/.exec(textOf(bytes)) ?? [];
    const nonce = /^r=([^,]*),/.exec(first?.answer ?? '')?.[1];
    if (first === undefined || recordedNonce === undefined || nonce === undefined) return bytes;
    const [, username, clientNonce] = /^n,,n=([^,]*),r=(.*)$/.exec(first.message)!;
    const altered = recordedNonce.startsWith(clientNonce!) ? nonce : recordedNonce[0] + nonce;
    const message = proved(
      bytes,
      { username: username!, password: first.password, answer: first.answer, clientNonce: clientNonce! },
      altered,
    );
    const parts = packetParts(bytes)!;
    const result = Buffer.concat([bytes.subarray(0, parts.value.from), Buffer.from(message)]);
    result.writeUInt32BE(result.length - 24, 8);
    return result;
  }
}

interface Proof {
  readonly username: string;
  readonly password: string;
  readonly clientNonce: string;
  readonly answer: string;
}

/** The last message for a nonce that need not be the one the server gave. */
function proved(request: Buffer, { username, password, clientNonce, answer }: Proof, nonce: string): string {
  const mechanism = packetParts(request)!.frame.key.toString('latin1') as ScramMechanism;
  const crypto = cryptoOf(mechanism);
  const given = /^r=([^,]*),/.exec(answer)![1]!;
  if (nonce === given) {
    const client = new ScramClient({ crypto, nonce: clientNonce, username, password });
    client.first();
    const { salt, iterations } = client.challenged(answer);
    return client.final(crypto.pbkdf2(Buffer.from(password), salt, iterations));
  }
  const [, salt, iterations] = /,s=([^,]*),i=(\d+)/.exec(answer)!;
  const salted = crypto.pbkdf2(Buffer.from(password), Buffer.from(salt!, 'base64'), Number(iterations));
  const clientKey = crypto.hmac(salted, Buffer.from('Client Key'));
  const withoutProof = `c=biws,r=${nonce}`;
  const authMessage = `n=${username},r=${clientNonce},${answer},${withoutProof}`;
  const signature = crypto.hmac(crypto.hash(clientKey), Buffer.from(authMessage));
  const proof = Buffer.from(clientKey.map((byte, at) => byte ^ signature[at]!));
  return `${withoutProof},p=${proof.toString('base64')}`;
}

function cryptoOf(mechanism: ScramMechanism): ScramCrypto {
  const hash = mechanism.slice('SCRAM-'.length).toLowerCase();
  return {
    hash: (data) => createHash(hash).update(data).digest(),
    hmac: (key, data) => createHmac(hash, key).update(data).digest(),
    pbkdf2: (password, salt, rounds) => pbkdf2Sync(password, salt, rounds, createHash(hash).digest().length, hash),
  };
}

/** The whole request of a recording that kept only its start: its value goes on as it began. */
function fullRequest({ request, requestTruncated, group }: GoldenExchange): Buffer {
  const kept = Buffer.from(request, 'hex');
  if (requestTruncated === undefined) return kept;
  // In the group about compression a run of copies, three bytes each; elsewhere one byte over and over.
  const period = group === 'zip' ? 3 : 1;
  const full = Buffer.alloc(requestTruncated);
  kept.copy(full);
  for (let at = kept.length; at < full.length; at++) full[at] = full[at - period]!;
  return full;
}

/** Whether a request has a CAS that the recording server made, rather than one made up. */
function isCasOfRecording(request: Buffer): boolean {
  return request.length >= 24 && word(request, 16).startsWith(RECORDED_CAS_PREFIX);
}

/** Whether a packet has a CAS worth remembering. */
function isCas(packet: Buffer): boolean {
  const text = packet.length < 24 ? '' : word(packet, 16);
  return text !== '' && !/^0+$|^f+$/.test(text);
}

function word(bytes: Buffer, at: number): string {
  return bytes.toString('hex', at, at + 8);
}

function keyOf(bytes: Buffer): string {
  const [first] = splitPackets(bytes);
  return first === undefined ? '' : (packetParts(first)?.frame.key.toString('latin1') ?? '');
}

function textOf(packet: Buffer): string {
  const parts = packetParts(packet);
  return parts === undefined ? '' : packet.toString('utf8', parts.value.from, parts.value.to);
}
