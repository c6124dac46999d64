import fc from 'fast-check';
import type { Expression } from '../../src/syntax/expression.js';
import type { Select } from '../../src/syntax/select.js';
import type { Statement } from '../../src/syntax/statement.js';
import {
  bindings,
  expressionArbitraries,
  few,
  kindOf,
  maybe,
  names,
  type Of,
  parameters,
  some,
} from './expression-arbitraries.js';
import { keyspacePaths, projections, selectArbitraries, sources, uses } from './select-arbitraries.js';

/** Trees as the parser makes them: expressions and selects, each with the other inside. */
export const trees = fc.letrec((tie) => {
  const expression = tie('expression') as Of<Expression>;
  const select = tie('select') as Of<Select>;
  return { expression: expressionArbitraries(expression, select), select: selectArbitraries(expression, select) };
});

const e = trees.expression;
const AT = fc.constant(0);
const flag = fc.boolean();

/** Kind of a statement, which has no offset of its own. */
function statementOf<K extends string>(...kinds: K[]): { kind: Of<K> } {
  return { kind: fc.constantFrom(...kinds) };
}

function targets(use: Of<unknown>): Of<unknown> {
  return fc.record({ keyspace: fc.oneof(keyspacePaths, parameters), alias: maybe(names), use, at: AT });
}

const target = targets(uses(e));
const returning = maybe(projections(e, fc.constant(false)));
const document = fc.record({ key: e, value: e, options: maybe(e) });
const namedDocument = fc.record({ key: e, value: maybe(e), options: maybe(e) });

const inserts = fc.record({
  ...statementOf('insert'),
  overwrite: flag,
  target: targets(fc.constant({})),
  source: fc.oneof(
    fc.record({ kind: fc.constant('values'), documents: some(document) }),
    fc.record({ kind: fc.constant('select'), document: namedDocument, select: trees.select }),
  ),
  returning,
});

/** Paths that SET and UNSET take. */
const updatePaths = fc
  .tuple(
    names,
    few(
      fc.oneof(
        fc.record({ ...kindOf('field'), name: names }),
        fc.record({ ...kindOf('computed field'), name: e, caseInsensitive: fc.constant(false) }),
        fc.record({ ...kindOf('element'), index: e }),
      ),
    ),
  )
  .map(([name, steps]) =>
    steps.reduce<unknown>(
      (front, step) => (step.kind === 'element' ? { ...step, array: front } : { ...step, object: front }),
      { kind: 'name', name, at: 0 },
    ),
  );

const metaPath = fc.constant({
  kind: 'field',
  object: { kind: 'call', path: ['meta'], operands: [{ kind: 'name', name: 'a' }], star: false },
  name: 'expiration',
});

const loop = maybe(fc.record({ loops: some(bindings(e)), when: maybe(e) }));
const setTerm = fc.oneof(
  fc.record({ path: updatePaths, meta: fc.constant(false), value: e, loop }),
  fc.record({ path: metaPath, meta: fc.constant(true), value: e, loop }),
);
const unsetTerm = fc.record({ path: updatePaths, loop });
const changes = fc.oneof(
  fc.record({ set: some(setTerm), unset: few(unsetTerm) }),
  fc.record({ set: fc.constant([]), unset: some(unsetTerm) }),
);
const conditions = fc.record({ where: maybe(e), limit: maybe(e) });

const updates = fc
  .tuple(fc.record({ ...statementOf('update'), target, returning }), changes, conditions)
  .map((parts) => Object.assign({}, ...parts) as unknown);

const deletes = fc.record({
  ...statementOf('delete'),
  target,
  where: maybe(e),
  limit: maybe(e),
  offset: maybe(e),
  returning,
});

const merges = fc.record({
  ...statementOf('merge'),
  target,
  source: sources(e),
  onKey: flag,
  on: e,
  update: maybe(fc.tuple(changes, maybe(e)).map(([each, where]) => ({ ...each, where }))),
  delete: maybe(fc.record({ where: maybe(e) })),
  insert: maybe(
    fc.oneof(
      fc.record({ value: e, where: maybe(e) }),
      fc.record({ key: e, value: maybe(e), options: maybe(e), where: maybe(e) }),
    ),
  ),
  limit: maybe(e),
  returning,
});

const indexKeys = fc.record({
  value: e,
  each: maybe(fc.record({ distinct: flag })),
  descending: flag,
  includeMissing: flag,
});

const sequenceOptions = fc.record(
  {
    with: e,
    start: e,
    restart: fc.oneof(e, fc.constant(true)),
    increment: e,
    maximum: fc.oneof(e, fc.constant(null)),
    minimum: fc.oneof(e, fc.constant(null)),
    cache: fc.oneof(e, fc.constant(null)),
    cycle: flag,
  },
  { requiredKeys: [] },
);

const functionBodies = fc.oneof(
  fc.record({ language: fc.constant('inline'), expression: e }),
  fc.record({ language: fc.constant('javascript'), code: fc.string(), library: maybe(fc.string()) }),
);

const path = keyspacePaths;
const keyspace = keyspacePaths;

const definitions = fc.oneof(
  fc.record({
    ...statementOf('create index'),
    primary: fc.constant(false),
    name: names,
    ifNotExists: flag,
    keyspace,
    keys: some(indexKeys),
    partitionBy: few(e),
    where: maybe(e),
    with: maybe(e),
  }),
  fc.record({
    ...statementOf('create index'),
    primary: fc.constant(true),
    name: maybe(names),
    ifNotExists: flag,
    keyspace,
    keys: fc.constant([]),
    partitionBy: few(e),
    with: maybe(e),
  }),
  fc.record({ ...statementOf('drop index'), primary: fc.constant(false), name: names, ifExists: flag, keyspace }),
  fc.record({ ...statementOf('drop index'), primary: fc.constant(true), name: maybe(names), ifExists: flag, keyspace }),
  fc.record({ ...statementOf('alter index'), name: names, keyspace, with: e }),
  fc.record({ ...statementOf('build index'), keyspace, names: some(e) }),
  fc.record({ ...statementOf('create collection'), path, lenient: flag, with: maybe(e) }),
  fc.record({ ...statementOf('create scope', 'drop scope', 'drop collection'), path, lenient: flag }),
  fc.record({ ...statementOf('flush collection'), path, lenient: fc.constant(false) }),
  fc.record({
    ...statementOf('create function'),
    path,
    replace: flag,
    ifNotExists: flag,
    parameters: maybe(few(names)),
    body: functionBodies,
  }),
  fc.record({ ...statementOf('drop function'), path, ifExists: flag }),
  fc.record({ ...statementOf('execute function'), path, operands: few(e) }),
  fc.record({ ...statementOf('create sequence'), path, lenient: flag, options: sequenceOptions }),
  fc.record({ ...statementOf('drop sequence'), path, lenient: flag, options: fc.constant({}) }),
  fc.record({
    ...statementOf('alter sequence'),
    path,
    lenient: fc.constant(false),
    options: fc.record({ increment: e }),
  }),
  fc.record({ ...statementOf('infer'), keyspace, with: maybe(e) }),
);

const simple = fc.oneof(trees.select, inserts, updates, deletes, merges, definitions);

/** Statements as the parser makes them. */
export const statements = fc.oneof(
  { weight: 8, arbitrary: simple },
  { weight: 1, arbitrary: fc.record({ ...statementOf('explain'), statement: simple }) },
  { weight: 1, arbitrary: fc.record({ ...statementOf('explain function'), path }) },
  {
    weight: 1,
    arbitrary: fc.record({ ...statementOf('prepare'), force: flag, name: maybe(names), statement: simple }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...statementOf('execute'),
      name: e,
      using: maybe(fc.record({ ...kindOf('array'), elements: few(e) })),
    }),
  },
) as unknown as Of<Statement>;
