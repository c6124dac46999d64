import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { DerTag, der, derBits, derContext, derInteger, derOid, derSequence, derTime } from './der.js';

/*
 * A self-signed certificate, for servers on this machine. Each has a new key, which never leaves the process.
 * Source: RFC 5280, section 4; RFC 5758, section 3.2 (ECDSA).
 */

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days that it is valid, one of them before now for clocks that are behind. */
const DAYS = { before: 1, after: 365 } as const;

const Oid = {
  EcdsaWithSha256: '1.2.840.10045.4.3.2',
  CommonName: '2.5.4.3',
  SubjectAltName: '2.5.29.17',
  BasicConstraints: '2.5.29.19',
} as const;

/** Kinds of alternative names: the numbers of their context tags. */
const NAME = { dns: 2, ip: 7 } as const;

const TRUE = der(DerTag.Boolean, Buffer.of(0xff));

/** The certificate of a TLS server and its key. Both PEM. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
}

/** Makes a key and a certificate for these host names and addresses. */
export function selfSigned(hosts: readonly string[]): ServerIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = derSequence(derOid(Oid.EcdsaWithSha256));
  const serial = randomBytes(16);
  const subject = derSequence(der(DerTag.Set, derSequence(derOid(Oid.CommonName), utf8('embedded Couchbase cluster'))));
  const now = Date.now();
  const content = derSequence(
    derContext(0, true, derInteger(Buffer.of(2))),
    derInteger(serial),
    algorithm,
    subject,
    derSequence(derTime(new Date(now - DAYS.before * DAY_MS)), derTime(new Date(now + DAYS.after * DAY_MS))),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    derContext(3, true, derSequence(basicConstraints(), alternativeNames(hosts))),
  );
  const certificate = derSequence(content, algorithm, derBits(sign('sha256', content, privateKey)));
  return { cert: pem(certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** It is its own authority. */
function basicConstraints(): Buffer {
  return derSequence(derOid(Oid.BasicConstraints), TRUE, der(DerTag.OctetString, derSequence(TRUE)));
}

function alternativeNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    isIP(host) === 0
      ? derContext(NAME.dns, false, Buffer.from(host, 'latin1'))
      : derContext(NAME.ip, false, addressBytes(host)),
  );
  return derSequence(derOid(Oid.SubjectAltName), der(DerTag.OctetString, derSequence(...names)));
}

/** The 4 or 16 bytes of an address. */
function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // A URL spells it in hexadecimal throughout, and without leading zeros.
  const { hostname } = new URL(`http://[${address.replace(/%.*/, '')}]`);
  const [head = [], tail = []] = hostname.slice(1, -1).split('::').map(groupsOf);
  const zeros = Array<number>(8 - head.length - tail.length).fill(0);
  return Buffer.from([...head, ...zeros, ...tail].flatMap((group) => [group >> 8, group & 0xff]));
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function utf8(text: string): Buffer {
  return der(DerTag.Utf8String, Buffer.from(text));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
