import fc from 'fast-check';
import type { Expression } from '../../src/syntax/expression.js';
import type { Select } from '../../src/syntax/select.js';

/** How deep trees are, about. */
export const DEPTH = { depthIdentifier: 'tree', maxDepth: 4 } as const;

const AT = fc.constant(0);

export const names = fc.oneof(
  fc.constantFrom('a', 'b', 'type', 'select', 'Value', 'two words', '`', 'back\\slash', 'line\nbreak', '', '0', 'i'),
  fc.string({ minLength: 1, maxLength: 4 }),
);

export function kindOf<K extends string>(kind: K): { kind: fc.Arbitrary<K>; at: fc.Arbitrary<number> } {
  return { kind: fc.constant(kind), at: AT };
}

/** Something or nothing. */
export function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, depthIdentifier: 'tree' });
}

export function some<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(arbitrary, { minLength: 1, maxLength: 2, depthIdentifier: 'tree' });
}

export function few<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(arbitrary, { maxLength: 2, depthIdentifier: 'tree' });
}

const numbers = fc.oneof(
  fc.nat(),
  fc.constantFrom(0.5, 1e-7, 1e21, 1.5e300, Infinity, 2 ** 53, 2 ** 63),
  fc.bigInt({ min: 2n ** 53n + 1n, max: 2n ** 63n - 1n }),
);

const literals = fc.record({
  ...kindOf('literal'),
  value: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.constantFrom(null, true, false, undefined, '"', "'", '\ud800', '\u2028'),
    numbers,
  ),
});

export const parameters = fc.record({
  ...kindOf('parameter'),
  name: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom('a', 'long_name')),
});

const PARENTHESES = { parenthesised: fc.constantFrom(true as const, undefined) };
const CASE = { caseInsensitive: fc.constantFrom(true, undefined) };

const plainNames = fc.record({ ...kindOf('name'), name: names, ...PARENTHESES, ...CASE });

const leaves = fc.oneof(
  literals,
  plainNames,
  parameters,
  fc.record(kindOf('self')),
  fc.record({
    ...kindOf('sequence value'),
    which: fc.constantFrom('next' as const, 'previous' as const),
    path: some(names),
    namespace: maybe(names),
  }),
);

export type Of<T> = fc.Arbitrary<T>;

function operatorArbitraries(e: Of<Expression>): Of<unknown>[] {
  const negated = fc.boolean();
  return [
    fc.record({ ...kindOf('unary'), operator: fc.constantFrom('-', 'not', 'exists'), operand: e }),
    fc.record({
      ...kindOf('binary'),
      operator: fc.constantFrom(
        ...['or', 'and', '=', '!=', '<', '<=', '>', '>=', '||', '+', '-', '*', '/', '%', '^'],
        ...['in', 'not in', 'within', 'not within', 'is distinct from', 'is not distinct from'],
      ),
      left: e,
      right: e,
    }),
    fc.record({ ...kindOf('like'), negated, value: e, pattern: e, escape: maybe(e) }),
    fc.record({ ...kindOf('between'), negated, value: e, low: e, high: e }),
    fc.record({
      ...kindOf('is'),
      test: fc.constantFrom('null', 'missing', 'valued', 'known', 'unknown'),
      negated,
      operand: e,
    }),
  ];
}

function pathArbitraries(e: Of<Expression>): Of<unknown>[] {
  return [
    fc.record({ ...kindOf('field'), object: e, name: names, ...PARENTHESES, ...CASE }),
    fc.record({ ...kindOf('computed field'), object: e, name: e, caseInsensitive: fc.boolean() }),
    fc.record({ ...kindOf('element'), array: e, index: e }),
    fc.record({ ...kindOf('slice'), array: e, start: maybe(e), end: maybe(e) }),
    fc.record({ ...kindOf('each'), array: e, flatten: fc.boolean() }),
  ];
}

export function bindings(e: Of<Expression>): Of<unknown[]> {
  return some(fc.record({ position: maybe(names), variable: names, descend: fc.boolean(), source: e, at: AT }));
}

function constructorArbitraries(e: Of<Expression>): Of<unknown>[] {
  const branches = some(fc.record({ when: e, result: e }));
  const comprehension = { bindings: bindings(e), value: e, when: maybe(e) };
  return [
    fc.record({ ...kindOf('array'), elements: few(e) }),
    fc.record({ ...kindOf('object'), members: few(fc.record({ name: e, value: e })) }),
    fc.record({ ...kindOf('case'), operand: maybe(e), branches, otherwise: maybe(e) }),
    fc.record({
      ...kindOf('quantified'),
      quantifier: fc.constantFrom('any', 'every', 'any and every'),
      bindings: bindings(e),
      condition: e,
    }),
    fc.record({ ...kindOf('comprehension'), form: fc.constantFrom('array', 'first'), ...comprehension }),
    fc.record({ ...kindOf('comprehension'), form: fc.constant('object'), name: e, ...comprehension }),
  ];
}

/** Terms of ORDER BY. */
export function orderTerms(e: Of<Expression>): Of<unknown[]> {
  const chosen = fc.oneof(parameters, fc.record({ ...kindOf('name'), name: names }));
  return some(
    fc.record({
      value: e,
      direction: maybe(fc.oneof(fc.constantFrom('asc', 'desc'), chosen)),
      nulls: maybe(fc.oneof(fc.constantFrom('first', 'last'), chosen)),
    }),
  );
}

/** Windows in parentheses. */
export function windows(e: Of<Expression>): Of<unknown> {
  const edge = fc.oneof(
    fc.record({ kind: fc.constantFrom('unbounded preceding', 'current row', 'unbounded following') }),
    fc.record({ kind: fc.constantFrom('preceding', 'following'), offset: e }),
  );
  const frame = fc.record({
    unit: fc.constantFrom('rows', 'range', 'groups'),
    start: edge,
    end: edge,
    exclude: fc.constantFrom('no others', 'current row', 'group', 'ties'),
  });
  const orderBy = fc.oneof(fc.constant([]), orderTerms(e));
  return fc.record({ base: maybe(names), partitionBy: few(e), orderBy, frame: maybe(frame), at: AT });
}

function callArbitraries(e: Of<Expression>): Of<unknown>[] {
  const path = fc.oneof(fc.constantFrom('count', 'MIN', 'Meta', 'replace', 'my func'), names).map((name) => [name]);
  const over = fc.oneof(names, windows(e));
  const none = { operands: fc.constant([]), star: fc.constant(false) };
  return [
    fc.record({
      ...kindOf('call'),
      path,
      operands: few(e),
      star: fc.constant(false),
      filter: maybe(e),
      over: maybe(over),
    }),
    fc.record({ ...kindOf('call'), path, ...none, star: fc.constant(true), over: maybe(over) }),
    fc.record({
      ...kindOf('call'),
      path,
      quantifier: fc.constantFrom('all', 'distinct'),
      operands: e.map((operand) => [operand]),
      star: fc.constant(false),
      nulls: maybe(fc.constantFrom('respect', 'ignore')),
      over,
    }),
    fc.record({
      ...kindOf('call'),
      path: fc.constant(['nth_value']),
      operands: fc.tuple(e, e),
      star: fc.constant(false),
      nulls: maybe(fc.constantFrom('respect', 'ignore')),
      over,
    }),
    fc.record({
      ...kindOf('call'),
      path: fc.constant(['nth_value']),
      operands: some(e),
      star: fc.constant(false),
      from: fc.constantFrom('first', 'last'),
      over,
    }),
    fc.record({
      ...kindOf('call'),
      path: fc.constant(['flatten_keys']),
      operands: e.map((operand) => [operand]),
      star: fc.constant(false),
      keyOrders: fc.constantFrom(
        [{ descending: true, includeMissing: false }],
        [{ descending: false, includeMissing: true }],
      ),
    }),
    fc.record({ ...kindOf('call'), namespace: fc.constant('default'), path: some(names), ...none }),
    fc.record({ ...kindOf('call'), path: fc.tuple(names, names, names), ...none, operands: few(e) }),
  ];
}

/** Expressions with expressions and selects inside. */
export function expressionArbitraries(e: Of<Expression>, select: Of<Select>): Of<Expression> {
  const subquery = fc.record({ ...kindOf('subquery'), select });
  const all = [...operatorArbitraries(e), ...pathArbitraries(e), ...constructorArbitraries(e), ...callArbitraries(e)];
  return fc.oneof(DEPTH, leaves, ...all, subquery) as Of<Expression>;
}
