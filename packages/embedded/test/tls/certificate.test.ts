import { X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:tls';
import { selfSigned } from '../../src/tls/certificate.js';

test('is for the hosts that were named, and for now', () => {
  const hosts = ['localhost', '127.0.0.1', '::1', '2001:db8::ff00:42:8329', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8'];
  const certificate = new X509Certificate(selfSigned(hosts).cert);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkHost('example.com')).toBeUndefined();
  for (const address of hosts.slice(1)) expect(certificate.checkIP(address)).toBe(address);
  expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
  expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
});

test('vouches for itself, with a key of its own each time', () => {
  const [one, other] = [selfSigned(['a']), selfSigned(['a'])].map(({ cert }) => new X509Certificate(cert));
  expect(one!.verify(one!.publicKey)).toBe(true);
  expect(one!.verify(other!.publicKey)).toBe(false);
  expect(one!.ca).toBe(true);
  expect(one!.serialNumber).not.toBe(other!.serialNumber);
});

test('a client that trusts it accepts the server, any other refuses it', async () => {
  const { cert, key } = selfSigned(['127.0.0.1']);
  const server = createServer({ cert, key }, (socket) => socket.end());
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  const handshake = (ca: string | undefined): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, ...(ca === undefined ? {} : { ca }) });
      socket.once('secureConnect', () => resolve('accepted'));
      socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(String(code)));
      socket.once('close', () => socket.destroy());
    });
  expect(await handshake(cert)).toBe('accepted');
  expect(await handshake(undefined)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(await handshake(selfSigned(['127.0.0.1']).cert)).not.toBe('accepted');
  await new Promise((resolve) => {
    server.close(resolve);
  });
});
