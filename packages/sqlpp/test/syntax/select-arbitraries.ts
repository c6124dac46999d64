import fc from 'fast-check';
import type { Expression } from '../../src/syntax/expression.js';
import type { Select } from '../../src/syntax/select.js';
import {
  DEPTH,
  few,
  kindOf,
  maybe,
  names,
  type Of,
  orderTerms,
  parameters,
  some,
  windows,
} from './expression-arbitraries.js';

const AT = fc.constant(0);

/** A path with a namespace: without one it is read as an expression. */
const spacedPaths = fc.record({
  namespace: fc.oneof(fc.constant('system'), names),
  parts: fc.oneof(some(names), fc.tuple(names, names, names)),
  at: AT,
});

export const keyspacePaths = fc.oneof(
  spacedPaths,
  fc.record({ parts: fc.oneof(some(names), fc.tuple(names, names, names)), at: AT }),
);

export function uses(e: Of<Expression>): Of<unknown> {
  const hint = maybe(fc.constantFrom('hash build', 'hash probe', 'nl'));
  return fc.oneof(
    fc.constant({}),
    fc.record({ keys: fc.record({ keys: e, validate: fc.boolean() }), hint }),
    fc.record({ indexes: few(names), hint }),
  );
}

export function sources(e: Of<Expression>): Of<unknown> {
  const rest = { alias: maybe(names), use: uses(e), at: AT };
  return fc.oneof(
    fc.record({ expression: e, ...rest }),
    fc
      .record({ keyspace: spacedPaths, ...rest })
      .map((source) => ({ ...source, expression: { kind: 'name', name: source.keyspace.parts.at(-1), at: 0 } })),
  );
}

function steps(e: Of<Expression>): Of<unknown> {
  const source = sources(e);
  const join = fc.constantFrom('inner', 'left');
  const condition = fc.oneof(
    fc.record({ kind: fc.constant('on'), condition: e }),
    fc.record({ kind: fc.constant('on keys'), keys: e, validate: fc.boolean() }),
    fc.record({ kind: fc.constant('on key for'), key: e, alias: names }),
  );
  return fc.oneof(
    fc.record({ kind: fc.constantFrom('join', 'nest'), join, source, condition }),
    fc.record({
      kind: fc.constant('comma'),
      join: fc.constant('inner'),
      source,
      condition: fc.constant({ kind: 'none' }),
    }),
    fc.record({ kind: fc.constant('unnest'), join, expression: e, alias: maybe(names), at: AT }),
  );
}

function froms(e: Of<Expression>): Of<unknown> {
  const right = fc.record({
    kind: fc.constant('join'),
    join: fc.constant('right'),
    source: sources(e),
    condition: fc.record({ kind: fc.constant('on'), condition: e }),
  });
  return fc.record({
    first: sources(e),
    steps: fc.oneof(few(steps(e)), fc.tuple(right, steps(e))),
  });
}

function lets(e: Of<Expression>): Of<unknown> {
  return fc.record({ name: names, value: e, at: AT });
}

function groups(e: Of<Expression>): Of<unknown> {
  const letting = few(lets(e));
  return fc.oneof(
    fc.record({
      keys: some(fc.record({ value: e, alias: maybe(names) })),
      groupAs: maybe(names),
      letting,
      having: maybe(e),
    }),
    fc.record({ keys: fc.constant([]), letting: some(lets(e)) }),
  );
}

/** What a select or RETURNING gives; names of results differ. */
export function projections(e: Of<Expression>, distinct: Of<boolean>): Of<unknown> {
  const term = fc.oneof(
    fc.record({ ...kindOf('star') }),
    fc.record({ ...kindOf('members'), value: e }),
    fc.record({ ...kindOf('value'), value: e }),
  );
  const named = some(term).map((terms) =>
    terms.length === 1 ? terms : terms.map((each, at) => (each.kind === 'value' ? { ...each, alias: `r${at}` } : each)),
  );
  return fc.oneof(
    fc.record({ distinct, raw: e, terms: fc.constant([]), exclude: fc.constant([]) }),
    fc.record({ distinct, terms: named, exclude: few(e) }),
  );
}

/** Selects with expressions and selects inside. */
export function selectArbitraries(e: Of<Expression>, select: Of<Select>): Of<Select> {
  const subselect = fc.record({
    ...kindOf('subselect'),
    hints: maybe(fc.constantFrom(' USE_HASH(a) ', '', ' two\nlines ', 'x*/y')),
    projection: projections(e, fc.boolean()),
    from: maybe(froms(e)),
    lets: few(lets(e)),
    where: maybe(e),
    group: maybe(groups(e)),
    windows: few(fc.record({ name: names, definition: windows(e) })),
  });
  const operation = {
    kind: fc.constant('set operation'),
    operator: fc.constantFrom('union', 'intersect', 'except'),
    all: fc.boolean(),
    right: fc.oneof(DEPTH, subselect, select),
  };
  const pair = fc.record({ ...operation, left: fc.oneof(DEPTH, subselect, select) });
  const body = fc.oneof(DEPTH, subselect, pair, fc.record({ ...operation, left: pair }));
  const term = fc.record({
    name: names,
    value: fc.oneof(DEPTH, e, select),
    cycle: few(e),
    // A name in front of parentheses would be a call.
    options: maybe(parameters),
    at: AT,
  });
  const rest = { body, orderBy: fc.oneof(fc.constant([]), orderTerms(e)), limit: maybe(e), offset: maybe(e) };
  return fc.oneof(
    fc.record({ ...kindOf('select'), recursive: fc.constant(false), with: few(term), ...rest }),
    fc.record({ ...kindOf('select'), recursive: fc.constant(true), with: some(term), ...rest }),
  ) as unknown as Of<Select>;
}
