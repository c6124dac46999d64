import { randomInt } from 'node:crypto';
import { ClusterMap, type Frame, Status } from '@cb/protocol';
import { Connection } from '@cb/raw/connection/connection';
import { KeysOnWire } from '@cb/raw/connection/keys-on-wire';
import { Lanes } from '@cb/raw/connection/lanes';
import { Slots } from '@cb/raw/connection/slots';
import { Operation } from '@cb/raw/operation/operation';
import { NodeEndpoint } from '@cb/raw/routing/node-endpoint';
import { Retries } from '@cb/raw/routing/retries';
import { Router } from '@cb/raw/routing/router';
import { Ticker } from '@cb/raw/time/ticker';
import { effort } from '../effort/effort.js';
import type { Violation } from './checkers/violation.js';
import { FAULT_KINDS, type FaultKind } from './faults.js';
import { lateMutants } from './late-mutants.js';
import { both, type Mutant, replacing } from './mutant.js';
import { runScenario } from './scenario.js';

jest.setTimeout(300_000);

/** Of the fixed seeds of `simulation.test.ts`. */
const SEEDS = 15;

/** Of so many mutants one is tried, from a random one on. */
const EVERY = effort(4, 1);

const givenUp = new WeakSet<Operation>();

const noteGivenUp = replacing([], '', Slots.prototype, 'remove', (original) => {
  return function (this: Slots, operation: Operation) {
    givenUp.add(operation);
    return original.call(this, operation);
  };
});

/** What was given up, by key, of the client that a table of keys belongs to. */
const stuck = new WeakMap<KeysOnWire, Map<Operation['key'], Operation>>();

function stuckOf(keys: KeysOnWire): Map<Operation['key'], Operation> {
  const known = stuck.get(keys) ?? new Map<Operation['key'], Operation>();
  stuck.set(keys, known);
  return known;
}
let looksAt: Connection | undefined;

const mutants: readonly Mutant[] = [
  ...lateMutants,
  replacing(
    ['recovery', 'settling'],
    'drops what came to the wrong node',
    Router.prototype,
    'operationRefused',
    (original) => {
      return function (this: Router, operation: Operation, frame: Frame, connection: Connection) {
        if (frame.status !== Status.NotMyVbucket) original.call(this, operation, frame, connection);
      };
    },
  ),
  replacing(['linearizability'], 'repeats mutations whose fate is unknown', Router.prototype, 'operationsLost', () => {
    return function (this: Router, operations: Operation[]) {
      for (const operation of operations) {
        operation.state = 'idle';
        operation.holder = undefined;
        this.route(operation);
      }
    };
  }),
  replacing(['settling'], 'calls back twice', Operation.prototype, 'succeed', (original) => {
    return function (this: Operation, result) {
      original.call(this, result);
      if (this.parent === undefined) this.callback?.(result);
    };
  }),
  replacing(['settling'], 'forgets an operation when a connection breaks', Slots.prototype, 'takeAll', (original) => {
    return function (this: Slots) {
      return original.call(this).slice(1);
    };
  }),
  replacing(['order'], 'lets new operations pass those that wait', Lanes.prototype, 'isBusy', () => () => false),
  replacing(['order'], 'repeats operations that were overtaken', Lanes.prototype, 'overtakenBy', () => () => []),
  replacing(['order'], 'knows of nothing on the wire', KeysOnWire.prototype, 'last', () => () => undefined),
  replacing(['order'], 'lets reads pass what is on the wire', Retries.prototype, 'follows', (original) => {
    return function (this: Retries, operation: Operation, ...rest) {
      return !operation.spec.idempotent && original.call(this, operation, ...rest);
    };
  }),
  {
    ...both(
      ['order'],
      'looks at the wire of one connection only',
      replacing([], '', Retries.prototype, 'follows', (original) => {
        return function (this: Retries, operation: Operation, endpoint: NodeEndpoint, open?: Connection) {
          looksAt = endpoint.connection;
          return original.call(this, operation, endpoint, open);
        };
      }),
      replacing([], '', KeysOnWire.prototype, 'last', (original) => {
        return function (this: KeysOnWire, operation: Operation) {
          const found = original.call(this, operation);
          return found?.holder === looksAt ? found : undefined;
        };
      }),
    ),
    kinds: ['rebalance', 'return', 'slow', 'break'],
  },
  both(
    ['recovery', 'settling'],
    'waits for ever for what was given up on the wire',
    noteGivenUp,
    both(
      [],
      '',
      replacing([], '', KeysOnWire.prototype, 'remove', (original) => {
        return function (this: KeysOnWire, operation: Operation) {
          if (givenUp.has(operation)) stuckOf(this).set(operation.key, operation);
          original.call(this, operation);
        };
      }),
      replacing([], '', KeysOnWire.prototype, 'last', (original) => {
        return function (this: KeysOnWire, operation: Operation) {
          return original.call(this, operation) ?? stuckOf(this).get(operation.key);
        };
      }),
    ),
  ),
  both(
    ['order'],
    'leaves what was given up in the table of keys, where it hides what is behind it',
    noteGivenUp,
    replacing([], '', KeysOnWire.prototype, 'remove', (original) => {
      return function (this: KeysOnWire, operation: Operation) {
        if (!givenUp.has(operation)) original.call(this, operation);
      };
    }),
  ),
  replacing(['settling'], 'has no deadlines on the wire', Connection.prototype, 'sweep', () => () => {}),
  replacing(['settling'], 'has no deadlines between attempts', Lanes.prototype, 'takeOverdue', () => () => []),
  replacing(['recovery'], 'believes its first map for ever', ClusterMap.prototype, 'isNewerThan', () => {
    return (other: ClusterMap | undefined) => other === undefined;
  }),
  replacing(['leftovers'], 'keeps its timer when closed', Ticker.prototype, 'stop', () => () => {}),
  replacing(['leftovers'], 'keeps its connections when closed', NodeEndpoint.prototype, 'abort', () => () => []),
  replacing(
    ['linearizability', 'order', 'settling'],
    'takes an answer for that of another operation',
    Slots.prototype,
    'take',
    (original) => {
      return function (this: Slots, opaque: number) {
        const [first] = this.all();
        return original.call(this, opaque) ?? (first === undefined ? undefined : original.call(this, first.opaque));
      };
    },
  ),
  replacing(
    ['linearizability'],
    'calls what it has sent and cancelled undone',
    Operation.prototype,
    'leave',
    (original) => {
      return function (this: Operation) {
        original.call(this);
        return false;
      };
    },
  ),
  replacing(
    ['linearizability'],
    'calls what was lost with a connection undone',
    Operation.prototype,
    'fail',
    (original) => {
      return function (this: Operation, error) {
        original.call(this, Object.defineProperty(error, 'ambiguous', { value: false }));
      };
    },
  ),
  {
    ...replacing(
      ['linearizability'],
      'writes without the durability that was asked for',
      Connection.prototype,
      'send',
      (original) => {
        return function (this: Connection, operation: Operation) {
          operation.durabilityLevel = 0;
          original.call(this, operation);
        };
      },
    ),
    kinds: ['fail-over', 'fail-over-alive', 'hang', 'replication-lag'],
  },
  replacing(['settling'], 'gives up what it should try again', Retries.prototype, 'again', () => {
    return (operation: Operation) => {
      operation.state = 'idle';
      operation.holder = undefined;
    };
  }),
];

const base = randomInt(EVERY);
const chosen = mutants.filter((_mutant, at) => at % EVERY === base);

test.each(chosen)('a client that $name is caught', async ({ by, kinds, ...mutant }) => {
  const repair = mutant.break();
  try {
    const caught = await firstViolation(kinds);
    expect(by).toContain(caught?.checker);
  } finally {
    repair();
  }
});

async function firstViolation(kinds: readonly FaultKind[] = FAULT_KINDS): Promise<Violation | undefined> {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violations } = await runScenario({ seed, kinds });
    if (violations.length > 0) return violations[0];
  }
  return undefined;
}
