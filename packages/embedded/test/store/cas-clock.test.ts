import { CasClock, CasCounter } from '../../src/store/cas-clock.js';
import { ManualClock } from './manual-clock.js';

function value({ high, low }: { high: number; low: number }): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

test('a CAS is the time in nanoseconds with the low 16 bits cleared', () => {
  const clock = new ManualClock(1_795_162_237_000.25);
  const cas = new CasClock(clock);
  cas.tick();
  expect(value(cas)).toBe(1_795_162_237_000_250_000n & ~0xffffn);
});

test('grows by one while the time stands still, and carries into the high half', () => {
  const clock = new ManualClock();
  const cas = new CasClock(clock);
  cas.tick();
  const first = value(cas);
  cas.tick();
  expect(value(cas)).toBe(first + 1n);
  cas.observe(cas.high, 0xffffffff);
  const last = value(cas);
  cas.tick();
  expect(value(cas)).toBe(last + 1n);
});

test('goes past a CAS that was observed, and ignores an older one', () => {
  const cas = new CasClock(new ManualClock());
  cas.tick();
  const own = value(cas);
  cas.observe(0, 5);
  expect(value(cas)).toBe(own);
  cas.observe(0x7fffffff, 7);
  cas.tick();
  expect(value(cas)).toBe((0x7fffffffn << 32n) | 8n);
});

test('a memcached bucket counts from 1', () => {
  const cas = new CasCounter();
  cas.tick();
  cas.observe();
  cas.tick();
  expect(value(cas)).toBe(2n);
});
