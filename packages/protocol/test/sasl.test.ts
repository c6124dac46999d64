import fc from 'fast-check';
import { ArgumentError, FeatureNotAvailableError, ProtocolError } from '../src/errors/client-errors.js';
import { chooseMechanism, parsePlainMessage, plainMessage } from '../src/sasl.js';

describe('chooseMechanism', () => {
  test.each([
    ['SCRAM-SHA512 SCRAM-SHA256 SCRAM-SHA1 PLAIN', 'SCRAM-SHA512'],
    ['PLAIN SCRAM-SHA1 SCRAM-SHA256', 'SCRAM-SHA256'],
    ['PLAIN  SCRAM-SHA1', 'SCRAM-SHA1'],
    ['OAUTHBEARER SCRAM-SHA1', 'SCRAM-SHA1'],
  ])('of %p takes %s', (offered, mechanism) => {
    expect(chooseMechanism(offered, true)).toBe(mechanism);
    expect(chooseMechanism(offered, false)).toBe(mechanism);
  });

  test('takes PLAIN only when it is allowed', () => {
    expect(chooseMechanism('PLAIN', true)).toBe('PLAIN');
    expect(() => chooseMechanism('PLAIN', false)).toThrow(FeatureNotAvailableError);
    expect(() => chooseMechanism('PLAIN', false)).toThrow('PLAIN is not allowed without TLS');
  });

  test('says what is offered when nothing is in common', () => {
    expect(() => chooseMechanism('GSSAPI SCRAM-SHA51', true)).toThrow('the server offers GSSAPI, SCRAM-SHA51');
    expect(() => chooseMechanism('', true)).toThrow('the server offers none');
  });
});

describe('PLAIN', () => {
  // RFC 4616, section 4.
  test('the example of the RFC', () => {
    expect(plainMessage({ username: 'tim', password: 'tanstaaftanstaaf' })).toBe('\0tim\0tanstaaftanstaaf');
    expect(parsePlainMessage(Buffer.from('Ursel\0Kurt\0xipj3plmq'))).toEqual({
      username: 'Kurt',
      password: 'xipj3plmq',
    });
  });

  test('what one side writes the other reads', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((each) => !each.includes('\0'));
    fc.assert(
      fc.property(text, text, (name, password) => {
        const username = `u${name}`;
        expect(parsePlainMessage(Buffer.from(plainMessage({ username, password })))).toEqual({ username, password });
      }),
    );
  });

  test('refuses a NUL in either part', () => {
    expect(() => plainMessage({ username: 'a\0b', password: '' })).toThrow(ArgumentError);
    expect(() => plainMessage({ username: 'a', password: '\0' })).toThrow(ArgumentError);
  });

  test('refuses an empty user name', () => {
    expect(() => plainMessage({ username: '', password: 'p' })).toThrow(ArgumentError);
  });

  test('drops one NUL after the password', () => {
    expect(parsePlainMessage(Buffer.from('\0user\0pass\0'))).toEqual({ username: 'user', password: 'pass' });
  });

  test.each(['', 'a', 'user\0password'])('refuses to read %p', (message) => {
    expect(() => parsePlainMessage(Buffer.from(message))).toThrow(ProtocolError);
  });
});
