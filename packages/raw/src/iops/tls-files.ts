import type { SecureContextOptions } from 'node:tls';
import { ArgumentError } from '@cb/protocol';
import type { TlsTarget } from './iops.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

/**
 * Returns the certificates to trust as PEM, those of a file as it is now; undefined for those of the runtime.
 * @throws ArgumentError naming the option and the file, when they cannot be read or are not certificates.
 */
export function trustedCertificates({ ca, caFile }: TlsTarget): string | undefined {
  if (ca !== undefined) return checkedCertificates(ca, 'tls.ca');
  if (caFile === undefined) return undefined;
  const what = `trust_certificate, ${JSON.stringify(caFile)},`;
  let pem: string;
  try {
    // Loaded only here: it is not needed without certificates.
    pem = process.getBuiltinModule('node:fs').readFileSync(caFile, 'utf8');
  } catch (cause) {
    throw new ArgumentError(`${what} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return checkedCertificates(pem, what);
}

/** @throws ArgumentError naming the option, and the file if there is one, that a TLS connection cannot be made with. */
export function checkTlsTarget(target: TlsTarget): void {
  const { cert, key } = target;
  trustedCertificates(target);
  for (const [name, value] of Object.entries({ cert, key })) {
    if (value === undefined) continue;
    if (typeof value !== 'string' || value === '') throw new ArgumentError(`tls.${name} must be text in PEM`);
    tryContext({ [name]: value }, `tls.${name} cannot be used`);
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw new ArgumentError(`tls.cert and tls.key go together: ${cert === undefined ? 'cert' : 'key'} is missing`);
  }
  if (cert === undefined || key === undefined) return;
  const { X509Certificate, createPrivateKey } = process.getBuiltinModule('node:crypto');
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw new ArgumentError('tls.key is the key of another certificate than tls.cert');
  }
}

/** Node ignores text that is not a certificate, and would then trust no server. */
function checkedCertificates(pem: unknown, what: string): string {
  if (typeof pem !== 'string') throw new ArgumentError(`${what} must be text in PEM`);
  const certificates = pem.match(CERTIFICATE);
  if (certificates === null) throw new ArgumentError(`${what} has no certificate in PEM`);
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch (cause) {
      const message = `${what} cannot be used: its certificate ${index + 1} is damaged: ${(cause as Error).message}`;
      throw new ArgumentError(message, { cause });
    }
  }
  return pem;
}

function tryContext(options: SecureContextOptions, problem: string): void {
  try {
    process.getBuiltinModule('node:tls').createSecureContext(options);
  } catch (cause) {
    throw new ArgumentError(`${problem}: ${(cause as Error).message}`, { cause });
  }
}
