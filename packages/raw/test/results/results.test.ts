import { inspect } from 'node:util';
import { ExistsResult, OperationResult, Result, ValueResult } from '../../src/results/results.js';

describe('a result', () => {
  const stored = new ValueResult('k', 0, 0x17a1_b2c3, 0xfedc_ba98, undefined, { a: 1 }, 0x02000000);
  const cas = 0x17a1_b2c3_fedc_ba98n;

  test('has the CAS as a bigint', () => {
    expect(stored.cas).toBe(cas);
    expect(new OperationResult('k', 0, 0xffff_ffff, 0xffff_ffff, undefined).cas).toBe(2n ** 64n - 1n);
  });

  test('shows the CAS in a console', () => {
    expect(inspect(stored)).toContain(`cas: ${cas}n`);
    expect(inspect(stored)).toMatch(/^ValueResult \{/);
    expect(inspect(new Result('k', 0))).toBe("Result { key: 'k', rc: 0, success: true }");
  });

  test('is a result of every wider kind, and lists its fields and nothing else', () => {
    for (const wider of [ValueResult, OperationResult, Result]) expect(stored).toBeInstanceOf(wider);
    expect(new OperationResult('k', 0, 0, 0, undefined)).not.toBeInstanceOf(ValueResult);
    expect(new Result('k', 0)).not.toBeInstanceOf(OperationResult);
    expect(Object.keys(stored)).toEqual(['key', 'rc', 'success', 'cas', 'mutationToken', 'value', 'flags']);
    expect(stored.success).toBe(true);
  });

  test('has the CAS in its JSON, in digits', () => {
    expect(JSON.parse(JSON.stringify(stored))).toMatchObject({ key: 'k', rc: 0, value: { a: 1 }, cas: String(cas) });
    expect(JSON.parse(JSON.stringify(new ExistsResult('k', 0, 1, true)))).toMatchObject({ exists: true, cas: '1' });
    expect(JSON.parse(JSON.stringify(new Result('k', 0)))).toEqual({ key: 'k', rc: 0, success: true });
  });
});
