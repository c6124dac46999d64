import { Status } from '@cb/protocol';
import { errorMap } from '../../src/kv/error-map.js';

interface ErrorMapJson {
  readonly version: number;
  readonly revision: number;
  readonly errors: Record<string, { readonly name: string; readonly desc: string; readonly attrs: string[] }>;
}

function read(version: number): ErrorMapJson {
  return JSON.parse(errorMap(version)!.toString());
}

test('both versions are served, and the newest to those who ask for a later one', () => {
  expect([read(1).version, read(2).version, read(9).version]).toEqual([1, 2, 2]);
  expect(errorMap(0)).toBeUndefined();
  expect(read(2).revision).toBeGreaterThan(0);
});

test('every status that has a name has an entry', () => {
  const { errors } = read(2);
  for (const status of Object.values(Status)) {
    // What only later servers answer with is not one of ours.
    if (status >= 0x26 && status <= 0x29) continue;
    if (status >= 0x35 && status <= 0x38) continue;
    expect(errors).toHaveProperty(status.toString(16));
  }
});

// Source: SDK RFC 0069 and what a 7.2.4 server serves.
test('the attributes are those of the server', () => {
  expect(read(2).errors['9']).toMatchObject({ name: 'LOCKED', attrs: ['item-locked', 'item-only', 'retry-now'] });
  expect(read(2).errors['30']!.attrs).toEqual(['temp', 'retry-later', 'rate-limit']);
  expect(read(1).errors['30']!.attrs).toEqual(['temp', 'retry-later']);
});
