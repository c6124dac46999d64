import type { Change, Loop, SetCode } from '../execute/mutations/change.js';
import { elementPlace, memberPlace, nameOfAnyCase, type Place, slotPlace } from '../execute/mutations/place.js';
import type { BindingCode } from '../expressions/collections.js';
import type { Evaluate } from '../expressions/run.js';
import { Scope } from '../names/scope.js';
import type { Binding, Expression } from '../syntax/expression.js';
import type { Changes, SetTerm, UpdateFor } from '../syntax/mutation.js';
import { CLAUSES } from './clause.js';
import type { Planner } from './planning.js';

const CODE_PARSE = 3000;
const CODE_DUPLICATE_VARIABLE = 3081;

/** Plans SET and UNSET of the document in a slot. */
export function planChange(planner: Planner, { set, unset }: Changes, scope: Scope, slot: number): Change {
  const ofMeta = set.findLast(({ meta }) => meta);
  return {
    slot,
    set: set.filter(({ meta }) => !meta).map((term) => planSet(planner, term, scope)),
    unset: unset.map(({ path, loop }) => {
      const planned = planLoop(planner, loop, scope);
      return { place: placeOf(planner, path, planned.scope), loop: planned.loop };
    }),
    expiration: ofMeta && planExpiration(planner, ofMeta, scope, slot),
  };
}

function planSet(planner: Planner, { path, value, loop }: SetTerm, scope: Scope): SetCode {
  const planned = planLoop(planner, loop, scope);
  return {
    place: placeOf(planner, path, planned.scope),
    value: planner.evaluate(value, planned.scope, CLAUSES.set),
    loop: planned.loop,
  };
}

/** Only the document that is changed can be given an expiration. */
function planExpiration(planner: Planner, { path, value }: SetTerm, scope: Scope, slot: number): Evaluate {
  const formal = planner.formalise(path, scope, CLAUSES.set);
  const call = formal.kind === 'field' && formal.object.kind === 'call' ? formal.object : undefined;
  const operand = call?.operands[0];
  if (operand?.kind !== 'variable' || operand.slot !== slot) {
    throw planner.placed(CODE_PARSE, 'SET clause has invalid path (META() of another alias)', path.at);
  }
  return planner.evaluate(value, scope, CLAUSES.set);
}

/** The variables of FOR are names of a scope of their own, in which the term is planned. */
function planLoop(
  planner: Planner,
  loop: UpdateFor | undefined,
  outer: Scope,
): { readonly scope: Scope; readonly loop: Loop | undefined } {
  if (loop === undefined) return { scope: outer, loop: undefined };
  let scope = outer;
  const levels = loop.loops.toReversed().map((bindings) => {
    scope = new Scope(scope, scope.frame, false);
    return bindings.map((binding) => planBinding(planner, binding, scope));
  });
  const when = loop.when && planner.evaluate(loop.when, scope, CLAUSES.set);
  return { scope, loop: { levels, when } };
}

function planBinding(
  planner: Planner,
  { variable, position, descend, source, at }: Binding,
  scope: Scope,
): BindingCode {
  const code = planner.evaluate(source, scope, CLAUSES.set);
  const slot = bind(planner, variable, scope, at);
  return {
    slot,
    positionSlot: position === undefined ? undefined : bind(planner, position, scope, at),
    descend,
    source: code,
  };
}

function bind(planner: Planner, name: string, scope: Scope, at: number): number {
  if (scope.hasOwn(name)) {
    throw planner.placed(CODE_DUPLICATE_VARIABLE, `Duplicate variable: '${name}' already in scope`, at, '.');
  }
  const slot = scope.frame.allocate();
  scope.add({ name, origin: 'binding', slot });
  return slot;
}

function placeOf(planner: Planner, path: Expression, scope: Scope): Place {
  return compilePlace(planner, planner.formalise(path, scope, CLAUSES.set), scope);
}

/** Compiles a path whose names have been resolved. */
function compilePlace(planner: Planner, path: Expression, scope: Scope): Place {
  const of = (expression: Expression): Evaluate => planner.compile(expression, scope);
  switch (path.kind) {
    case 'variable':
      return slotPlace(path.slot);
    case 'field': {
      const { object, name, caseInsensitive } = path;
      return memberPlace(of(object), caseInsensitive === true ? (value) => nameOfAnyCase(value, name) : () => name);
    }
    case 'computed field': {
      const name = of(path.name);
      return memberPlace(of(path.object), (_object, row, run) => {
        const value = name(row, run);
        return typeof value === 'string' ? value : undefined;
      });
    }
    case 'element':
      return elementPlace(compilePlace(planner, path.array, scope), of(path.array), of(path.index));
    default:
      throw new TypeError(`A path of SET cannot have a step of kind ${path.kind}.`);
  }
}
