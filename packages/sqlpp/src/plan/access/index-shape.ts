import { operandsOf } from '../../expressions/compiler.js';
import { columnsOf } from '../../indexes/index-columns.js';
import { INDEX_HOST } from '../../indexes/index-run.js';
import type { IndexDefinition } from '../../keyspaces/index-definition.js';
import { Formaliser } from '../../names/formaliser.js';
import { Scope } from '../../names/scope.js';
import type { Comprehension, Expression } from '../../syntax/expression.js';
import { CLAUSES } from '../clause.js';
import { DOCUMENT, ELEMENT, shapeOf } from './shape.js';
import { pathFrom } from './used-paths.js';

/** A column of an index, as predicates name it. */
export interface ShapedColumn {
  /** Of a document, or of an element of its array. */
  readonly shape: string;
  readonly isElement: boolean;
  readonly descending: boolean;
  /** Whether entries of documents are kept in which it is MISSING. */
  readonly hasMissing: boolean;
  /** Names to the value, if it is a path of names in the document. */
  readonly path: readonly string[] | undefined;
}

/** The array whose elements an index has. */
export interface ShapedArray {
  readonly source: string;
  readonly descend: boolean;
  /** What each of the conditions of WHEN looks like. */
  readonly when: readonly ShapedCondition[];
}

/** A condition of an index, which the predicates of a statement have to imply. */
export interface ShapedCondition {
  readonly shape: string;
  readonly value: Expression;
  /** What its slots are called. */
  readonly names: ReadonlyMap<number, string>;
}

/** An index, as predicates name it. */
export interface IndexShape {
  readonly columns: readonly ShapedColumn[];
  readonly array: ShapedArray | undefined;
  readonly conditions: readonly ShapedCondition[];
}

const shapes = new WeakMap<IndexDefinition, IndexShape>();

/** Returns what the keys and the condition of an index look like. */
export function indexShapeOf(definition: IndexDefinition): IndexShape {
  const known = shapes.get(definition);
  if (known !== undefined) return known;
  const shape = new Shaper().shape(definition);
  shapes.set(definition, shape);
  return shape;
}

class Shaper {
  readonly #scope = new Scope(undefined);
  readonly #slot = this.#scope.frame.allocate(2);
  readonly #names: ReadonlyMap<number, string> = new Map([[this.#slot, DOCUMENT]]);

  constructor() {
    this.#scope.add({ name: '', origin: 'source', slot: this.#slot, hasMeta: true });
  }

  shape(definition: IndexDefinition): IndexShape {
    let array: ShapedArray | undefined;
    const columns = columnsOf(definition);
    const widthOf = (key: number): number => columns.filter((column) => column.key === key).length;
    const keys = definition.isPrimary ? [undefined] : definition.keys;
    const shaped = keys.flatMap((key, at): Pick<ShapedColumn, 'shape' | 'isElement' | 'path'>[] => {
      if (key?.each === undefined) {
        const formal = this.#formal((key ?? (columns[0] as (typeof columns)[number])).value);
        return [{ shape: shapeOf(formal, this.#names), isElement: false, path: pathFrom(formal, this.#slot) }];
      }
      const elements = this.#elements(this.#formal(key.value), widthOf(at));
      array = elements.array;
      return elements.shapes.map((shape) => ({ shape, isElement: true, path: undefined }));
    });
    const condition = definition.condition && this.#formal(definition.condition.value);
    return {
      columns: shaped.map((column, at) => ({
        ...column,
        descending: columns[at]?.descending === true,
        hasMissing: at > 0 || columns[at]?.includeMissing === true,
      })),
      array,
      conditions: this.#conditions(condition, this.#names),
    };
  }

  #formal(expression: Expression): Expression {
    return new Formaliser(INDEX_HOST, this.#scope, CLAUSES.index).formalise(expression);
  }

  #conditions(condition: Expression | undefined, names: ReadonlyMap<number, string>): ShapedCondition[] {
    if (condition === undefined) return [];
    return operandsOf(condition, 'and').map((value) => ({ shape: shapeOf(value, names), value, names }));
  }

  /** An array of several bindings cannot be looked for: it gets a source that nothing looks like. */
  #elements(formal: Expression, width: number): { readonly array: ShapedArray; readonly shapes: readonly string[] } {
    if (formal.kind !== 'comprehension') {
      const source = shapeOf(formal, this.#names);
      return {
        array: { source, descend: false, when: [] },
        shapes: [shapeOf(elementOf(-1), new Map([[-1, ELEMENT]]))],
      };
    }
    const { bindings, value, when } = formal as Comprehension;
    const [binding] = bindings;
    const isPlain = bindings.length === 1 && binding?.positionSlot === undefined;
    const names = new Map(this.#names);
    if (isPlain && binding?.slot !== undefined) names.set(binding.slot, ELEMENT);
    const isFlat = value.kind === 'call' && value.path[0]?.toLowerCase() === 'flatten_keys';
    const parts = isFlat ? value.operands : [value];
    return {
      array: {
        source: isPlain && binding !== undefined ? shapeOf(binding.source, this.#names) : '',
        descend: binding?.descend === true,
        when: this.#conditions(when, names),
      },
      shapes: parts.slice(0, width).map((part) => shapeOf(part, names)),
    };
  }
}

function elementOf(slot: number): Expression {
  return { kind: 'variable', name: ELEMENT, slot, hasMeta: false, origin: 'binding', at: 0 };
}
