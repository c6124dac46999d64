import { sharedData } from './shared-data.js';

describe('a shared file that is missing', () => {
  const { CI, CB_REQUIRE_SHARED } = process.env;

  afterEach(() => {
    for (const [name, value] of Object.entries({ CI, CB_REQUIRE_SHARED })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  test('is undefined where it may be', () => {
    delete process.env['CI'];
    delete process.env['CB_REQUIRE_SHARED'];
    expect(sharedData('no such file')).toBeUndefined();
  });

  test.each(['CI', 'CB_REQUIRE_SHARED'])('is an error with %s set', (name) => {
    process.env[name] = '1';
    expect(() => sharedData('no such file')).toThrow('no such file is missing');
  });
});
