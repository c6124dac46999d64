import { failure } from '../driver.js';
import { type Scenario, scenario } from '../scenario.js';

export const collections: readonly Scenario[] = [
  scenario('collections are places of their own', ['collections'], async ({ driver, documents }) => {
    const places = [
      documents,
      driver.collection('_default', 'flat'),
      driver.collection('shop', 'orders'),
      driver.collection('shop', 'items'),
    ];
    await Promise.all(places.map((place, index) => place.insert('place', index)));
    const found = await Promise.all(places.map((place) => place.get('place')));
    expect(found.map(({ value }) => value)).toEqual([0, 1, 2, 3]);
    await places[2]!.remove('place');
    expect(await failure(driver, places[2]!.get('place'))).toBe('missing');
    expect((await documents.get('place')).value).toBe(0);
  }),
  scenario('every kind of operation works in a collection', ['collections'], async ({ driver }) => {
    const orders = driver.collection('shop', 'orders');
    await orders.upsert('order', { n: 1 });
    expect((await orders.exists('order')).exists).toBe(true);
    await orders.mutateIn('order', [{ op: 'counter', path: 'n', value: 1 }]);
    expect((await orders.getAndTouch('order', 100)).value).toEqual({ n: 2 });
    const { cas } = await orders.lock('order', 15);
    await orders.unlock('order', cas);
    expect((await orders.counter('orders', { delta: 1, initial: 1 })).value).toBe(1);
    await orders.upsert('text', 'a');
    await orders.append('text', 'b');
    expect((await orders.get('text')).value).toBe('ab');
  }),
  scenario('a collection that is not there has a name in the error', ['collections'], async ({ driver }) => {
    const timeout = 500;
    const nowhere = driver.collection('shop', 'nowhere').upsert('k', 1, { timeout });
    expect(await failure(driver, nowhere)).toBe('no collection');
  }),
];
