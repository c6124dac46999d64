import { type Documents, inserting } from '../execute/mutations/inserting.js';
import { write } from '../execute/mutations/writing.js';
import { newRow } from '../execute/operator.js';
import type { Evaluate } from '../expressions/run.js';
import { Frame, Scope } from '../names/scope.js';
import { mapChildren } from '../syntax/children.js';
import type { Expression } from '../syntax/expression.js';
import type { Insert, NewDocument } from '../syntax/mutation.js';
import type { Value } from '../values/value.js';
import { CLAUSES } from './clause.js';
import { sendNode, valueScanNode } from './explain/mutation-nodes.js';
import { type Explain, parallel } from './explain/plan-node.js';
import type { MutationPlan } from './mutation-plan.js';
import type { Planner } from './planning.js';
import { planSelect } from './select-planner.js';
import { addTarget, planReturning, planTarget } from './target-planner.js';

/** Name of the whole result of the select, which no expression can say but as SELF. */
const WHOLE = '';

/** Plans INSERT and UPSERT. */
export function planInsert(planner: Planner, statement: Insert): MutationPlan {
  const target = planTarget(planner, statement.target, statement.overwrite ? 'upsert' : 'insert');
  const { keyspace, name } = target;
  const frame = new Frame(0);
  const scope = new Scope(undefined, frame);
  const slot = addTarget(planner, target, scope);
  const { documents, explain } = planDocuments(planner, statement, frame);
  const returning = planReturning(planner, statement.returning, scope);
  const code = { kind: statement.overwrite ? 'upsert' : 'insert', name, slot, documents } as const;
  return {
    signature: returning.signature,
    batches: (run) => write(inserting(code, run), { keyspace, slot, returning: returning.result }, run),
    explain: () => {
      const operator = statement.overwrite ? 'SendUpsert' : 'SendInsert';
      return [...explain(), parallel([sendNode(operator, target, statement.returning !== undefined)])];
    },
  };
}

/** Names in expressions of documents are those of the result of the select, not those of the keyspace. */
function planDocuments(
  planner: Planner,
  { source }: Insert,
  frame: Frame,
): { readonly documents: Documents; readonly explain: Explain } {
  const scope = new Scope(undefined, frame);
  const evaluate = (expression: Expression): Evaluate => planner.evaluate(ofWhole(expression), scope, CLAUSES.values);
  const compile = ({ key, value, options }: NewDocument, whole?: Evaluate) => ({
    key: evaluate(key),
    value: value === undefined ? (whole as Evaluate) : evaluate(value),
    options: options && evaluate(options),
  });
  if (source.kind === 'values') {
    const codes = source.documents.map((document) => compile(document));
    const documents = { clause: 'VALUES', codes, rows: () => [[newRow([], 0, frame.size)]] } as const;
    return { documents, explain: () => [valueScanNode(source.documents)] };
  }
  const plan = planSelect(planner, source.select, undefined);
  const slot = frame.allocate();
  // Names are those of fields of the result.
  scope.add({ name: WHOLE, origin: 'source', slot });
  const codes = [compile(source.document, (row) => row[slot] as Value)];
  const documents: Documents = {
    clause: 'INSERT',
    codes,
    *rows(run) {
      for (const results of plan.batches(run, [])) {
        yield results.map((result) => {
          const row = newRow([], 0, frame.size);
          row[slot] = result;
          return row;
        });
      }
    },
  };
  return { documents, explain: plan.explain };
}

/** SELF is the whole result. */
function ofWhole(expression: Expression): Expression {
  return expression.kind === 'self'
    ? { kind: 'name', name: WHOLE, at: expression.at }
    : mapChildren(expression, ofWhole);
}
