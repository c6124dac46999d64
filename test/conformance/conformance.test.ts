import { CouchbaseError } from '@cb/promise';
import { Memcached } from '../peers/memcached.js';
import type { Ability, Supports } from './manifest.js';
import { PROBES } from './probes.js';
import type { Need, Scenario } from './scenario.js';
import { collections } from './scenarios/collections.js';
import { copies } from './scenarios/copies.js';
import { counters } from './scenarios/counters.js';
import { expiry } from './scenarios/expiry.js';
import { locks } from './scenarios/locks.js';
import { many } from './scenarios/many.js';
import { nodes } from './scenarios/nodes.js';
import { parts } from './scenarios/parts.js';
import { scans } from './scenarios/scans.js';
import { structures } from './scenarios/structures.js';
import { values } from './scenarios/values.js';
import { writes } from './scenarios/writes.js';
import { type Client, type Running, SERVERS } from './servers.js';

const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  values,
  writes,
  counters,
  expiry,
  locks,
  collections,
  parts,
  copies,
  structures,
  many,
  nodes,
  scans,
};

const ifMemcached = Memcached.isInstalled ? describe : describe.skip;
const runs = SERVERS.flatMap((server) =>
  Object.entries(server.clients).map(([client, lacks]) => ({ server, client: client as Client, lacks })),
);

/** The abilities that a server lacks. */
function lacking(supports: Supports): Ability[] {
  return (Object.keys(supports) as Ability[]).filter((ability) => !supports[ability]);
}

for (const { server, client, lacks } of runs) {
  const suite = server.name.includes('memcached') ? ifMemcached : describe;

  suite(`${client} and ${server.name}`, () => {
    let running: Running;

    beforeAll(async () => {
      running = await server.start(client);
    });

    afterAll(() => running[Symbol.asyncDispose]());

    const missing: readonly Need[] = [...lacking(server.supports), ...lacks];

    for (const [family, scenarios] of Object.entries(SCENARIOS)) {
      const possible = scenarios.filter(({ needs }) => !needs.some((ability) => missing.includes(ability)));
      if (possible.length === 0 || server.families?.includes(family) === false) continue;
      describe(family, () => {
        test.each(possible)('$name', ({ run }) => run(running.setting));
      });
    }

    if (client === 'the official SDK' || lacking(server.supports).length === 0) return;

    test.each(lacking(server.supports))('%s: not there, and refused with an error of its own', async (ability) => {
      // Memcached never answers some of what it does not know, and takes the next request for its rest.
      await using driver = await running.impatient();
      const outcome = await PROBES[ability](driver).catch((error: unknown) => error);
      expect(outcome === false || outcome instanceof CouchbaseError).toBe(true);
    });
  });
}

test('every scenario runs somewhere, and every ability is needed by one', () => {
  const all = Object.values(SCENARIOS).flat();
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  const needed = new Set(all.flatMap(({ needs }) => needs));
  expect(Object.keys(PROBES).filter((ability) => !needed.has(ability as Ability))).toEqual([]);
  const isServed = (need: Need): boolean =>
    runs.some(({ server, lacks }) => !lacks.includes(need) && !lacking(server.supports).includes(need as Ability));
  expect([...needed].filter((need) => !isServed(need))).toEqual([]);
});
