import { failure } from '../driver.js';
import { type Scenario, scenario } from '../scenario.js';

export const counters: readonly Scenario[] = [
  scenario('a counter begins at its initial value, and goes on from there', [], async ({ documents }) => {
    const created = await documents.counter('counter', { delta: 5, initial: 10 });
    expect(created.value).toBe(10);
    const raised = await documents.counter('counter', { delta: 5, initial: 10 });
    expect(raised.value).toBe(15);
    expect(raised.cas).not.toBe(created.cas);
    expect((await documents.counter('counter', { delta: -4 })).value).toBe(11);
  }),
  scenario('a counter stops at 0', [], async ({ documents }) => {
    await documents.counter('counter:low', { delta: 1, initial: 3 });
    expect((await documents.counter('counter:low', { delta: -100 })).value).toBe(0);
  }),
  scenario('a counter is a number for readers, and any stored number can be counted', [], async ({ documents }) => {
    await documents.counter('counter:read', { delta: 1, initial: 7 });
    expect((await documents.get('counter:read')).value).toBe(7);
    await documents.upsert('counter:stored', 41);
    expect((await documents.counter('counter:stored', { delta: 1 })).value).toBe(42);
  }),
  scenario('what is not a number cannot be counted', [], async ({ driver, documents }) => {
    await documents.upsert('counter:words', { no: 'number' });
    expect(await failure(driver, documents.counter('counter:words', { delta: 1 }))).toBe('not a number');
    expect((await documents.get('counter:words')).value).toEqual({ no: 'number' });
  }),
  scenario('many count at the same time, and no step is lost', [], async ({ documents }) => {
    await documents.counter('counter:many', { delta: 1, initial: 0 });
    const steps = Array.from({ length: 100 }, () => documents.counter('counter:many', { delta: 1 }));
    const seen = (await Promise.all(steps)).map(({ value }) => value);
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_none, n) => n + 1));
  }),
];
