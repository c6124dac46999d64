import { ErrorMap } from '../src/error-map.js';
import { ProtocolError } from '../src/errors/client-errors.js';

test('reads the map of a server, version 2', () => {
  const json =
    '{"version":2,"revision":1,"errors":{"0":{"attrs":["success"],"desc":"Success","name":"SUCCESS"},' +
    '"1f":{"attrs":["conn-state-invalidated","auth"],"desc":"Reauthentication required","name":"AUTH_STALE"}}}';
  const map = ErrorMap.parse(Buffer.from(json));
  expect(map).toMatchObject({ version: 2, revision: 1, size: 2 });
  const entry = map.entryOf(0x1f)!;
  expect(entry).toMatchObject({ name: 'AUTH_STALE', description: 'Reauthentication required' });
  expect([...entry.attributes]).toEqual(['conn-state-invalidated', 'auth']);
  expect(map.entryOf(0x20)).toBeUndefined();
});

test('reads version 1, with its intervals that are not used', () => {
  const json =
    '{"version":1,"revision":4,"errors":{"7ff0":{"name":"DUMMY","desc":"d","attrs":["auto-retry"],' +
    '"retry":{"strategy":"constant","interval":10,"after":0,"max-duration":500}}}}';
  const map = ErrorMap.parse(json);
  expect(map.version).toBe(1);
  expect(map.entryOf(0x7ff0)?.attributes.has('auto-retry')).toBe(true);
});

test.each(['{}', '{"errors":null}', '{"errors":[]}', '{"version":"2","errors":"x"}'])('%s is an empty map', (json) => {
  expect(ErrorMap.parse(json)).toMatchObject({ version: 0, revision: 0, size: 0 });
});

test('passes over what it cannot read, and keeps the rest', () => {
  const map = ErrorMap.parse(
    '{"errors":{"zz":{},"10000":{},"12":null,"13":[],"14":{"name":5,"attrs":["temp",7]},"15":{"attrs":"x"}}}',
  );
  expect(map.size).toBe(2);
  expect(map.entryOf(0x14)).toEqual({ name: '', description: '', attributes: new Set(['temp']) });
  expect(map.entryOf(0x15)?.attributes.size).toBe(0);
});

test.each(['', '{', '[]', '5', 'null', '{"errors":'])('%p is refused', (json) => {
  expect(() => ErrorMap.parse(json)).toThrow(ProtocolError);
});
