import { clauseFault } from '../errors/clause-fault.js';
import type { Run } from '../expressions/run.js';
import { inferOptions, inferSchema } from '../infer/schema.js';
import type { Keyspace } from '../keyspaces/keyspace.js';
import { Scope } from '../names/scope.js';
import type { Infer } from '../syntax/definition.js';
import type { Value } from '../values/value.js';
import { CLAUSES } from './clause.js';
import type { Planner } from './planning.js';

/** A planned INFER. */
export interface InferPlan {
  readonly signature: Value;
  batches(run: Run): Iterable<readonly Value[]>;
}

/** Plans INFER: one row, the schemas of documents that are alike. */
export function planInfer(planner: Planner, statement: Infer): InferPlan {
  const { keyspace } = planner.keyspace(statement.keyspace);
  const options = statement.with && planner.evaluate(statement.with, new Scope(undefined), CLAUSES.from);
  return {
    signature: 'json',
    *batches(run) {
      try {
        yield [inferSchema(documentsOf(keyspace, run), inferOptions(options?.([], run)))];
      } catch (error) {
        throw clauseFault('INFER', error);
      }
    },
  };
}

function* documentsOf(keyspace: Keyspace, run: Run): Generator<Value> {
  for (const batch of keyspace.scan()) {
    run.check();
    for (const { document } of batch) yield document;
  }
}
