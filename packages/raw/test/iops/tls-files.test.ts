import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArgumentError } from '@cb/protocol';
import { RawBucket } from '../../src/bucket/raw-bucket.js';
import { NodeIOPS } from '../../src/iops/node-iops.js';
import { certificate, certificateFile } from './node-harness.js';

const folder = mkdtempSync(join(tmpdir(), 'cb-certificates-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with this content; none when that is absent. */
function file(name: string, content?: string): string {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

function make(query: string, tls?: { ca?: string; cert?: string; key?: string }): void {
  new RawBucket(`couchbases://127.0.0.1:1/default${query}`, tls === undefined ? {} : { tls }).destroy();
}

const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding, privateKeyEncoding }).privateKey;
const otherKind = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding }).privateKey;

test.each([
  ['is missing', undefined, 'cannot be read: ENOENT'],
  ['is empty', '', 'has no certificate in PEM'],
  ['has other text', 'trust me', 'has no certificate in PEM'],
  ['has a key', certificate.key, 'has no certificate in PEM'],
  ['has a damaged certificate', damaged, 'its certificate 1 is damaged'],
  ['has a damaged one behind a good one', certificate.cert + damaged, 'its certificate 2 is damaged'],
])('a file to trust that %s is refused by its name when the bucket is made', (what, content, message) => {
  const path = file(`${what}.pem`, content);
  for (const option of ['trust_certificate', 'truststorepath']) {
    const act = (): void => make(`?${option}=${encodeURIComponent(path)}`);
    expect(act).toThrow(ArgumentError);
    expect(act).toThrow(`trust_certificate, ${JSON.stringify(path)},`);
    expect(act).toThrow(message);
  }
});

test('a folder in the place of the file is refused by its name', () => {
  expect(() => make(`?trust_certificate=${encodeURIComponent(folder)}`)).toThrow('EISDIR');
});

test.each([
  ['ca', { ca: 'none' }, 'tls.ca has no certificate in PEM'],
  ['ca', { ca: damaged }, 'tls.ca cannot be used'],
  ['cert', { cert: 'none', key: certificate.key }, 'tls.cert cannot be used'],
  ['key', { cert: certificate.cert, key: 'none' }, 'tls.key cannot be used'],
  ['key', { cert: certificate.cert, key: '' }, 'tls.key must be text in PEM'],
  ['cert without key', { cert: certificate.cert }, 'tls.cert and tls.key go together: key is missing'],
  ['key without cert', { key: certificate.key }, 'tls.cert and tls.key go together: cert is missing'],
  ['key of another kind', { cert: certificate.cert, key: otherKind }, 'tls.key is the key of another certificate'],
  [
    'key of another certificate',
    { cert: certificate.cert, key: otherKey },
    'tls.key is the key of another certificate',
  ],
])('tls.%s that cannot be used is refused when the bucket is made', (_what, tls, message) => {
  expect(() => make('', tls)).toThrow(ArgumentError);
  expect(() => make('', tls)).toThrow(message);
});

test('certificates that can be used are taken', () => {
  make(`?trust_certificate=${encodeURIComponent(certificateFile)}`, certificate);
  make('', { ca: certificate.cert });
});

test('what another IOPS says against the certificates is about an argument, too', () => {
  class StrictIOPS extends NodeIOPS {
    override checkTls(): void {
      throw new Error('only on Sundays');
    }
  }
  const options = { iops: new StrictIOPS() };
  const act = (): RawBucket => new RawBucket('couchbases://127.0.0.1:1/default', options);
  expect(act).toThrow(ArgumentError);
  expect(act).toThrow('tls cannot be used: only on Sundays');
});
