import { compare } from '../values/collation.js';
import { identityKey } from '../values/equality.js';
import { type ObjectValue, type TypeName, typeName, type Value } from '../values/value.js';

/** What is known of the values of one type that a field has had. */
interface TypeStatistics {
  count: number;
  readonly samples: Map<unknown, Value>;
  /** Members, for objects. */
  readonly members: MemberStatistics;
  /** Elements, for arrays. */
  readonly elements: FieldStatistics | undefined;
  fewest: number;
  most: number;
}

/** Statistics of the values of a field, type by type. */
export class FieldStatistics {
  readonly #types = new Map<TypeName, TypeStatistics>();
  readonly #sampleLimit: number;

  constructor(sampleLimit: number) {
    this.#sampleLimit = sampleLimit;
  }

  /** Types that the field has had. */
  get types(): ReadonlySet<TypeName> {
    return new Set(this.#types.keys());
  }

  add(value: Value): void {
    const type = typeName(value);
    const statistics = this.#types.get(type) ?? this.#begin(type);
    statistics.count++;
    if (statistics.samples.size < this.#sampleLimit) statistics.samples.set(identityKey(value), value);
    if (type === 'object') statistics.members.add(value as ObjectValue);
    if (statistics.elements === undefined) return;
    const elements = value as readonly Value[];
    for (const element of elements) statistics.elements.add(element);
    statistics.fewest = Math.min(statistics.fewest, elements.length);
    statistics.most = Math.max(statistics.most, elements.length);
  }

  /** Returns the one value that the field has had in all of a number of documents, if it is a scalar. */
  onlyValue(documents: number): Value {
    const [only, ...others] = this.#types.values();
    if (only === undefined || others.length > 0 || only.count !== documents || only.samples.size !== 1)
      return undefined;
    const [value] = only.samples.values();
    return typeof value === 'object' ? undefined : value;
  }

  /** Describes the field; several types stand in lists. */
  describe(documents: number): ObjectValue {
    const descriptions = [...this.#types.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, statistics]) => describeType(type, statistics, documents));
    const [only, ...others] = descriptions;
    if (others.length === 0) return only ?? { type: 'missing' };
    const names = ['#docs', '%docs', 'samples', 'type'] as const;
    const listed = names.map((name) => [name, descriptions.map((description) => description[name])] as const);
    return Object.assign({}, ...descriptions, Object.fromEntries(listed)) as ObjectValue;
  }

  #begin(type: TypeName): TypeStatistics {
    const statistics: TypeStatistics = {
      count: 0,
      samples: new Map(),
      members: new MemberStatistics(this.#sampleLimit),
      elements: type === 'array' ? new FieldStatistics(this.#sampleLimit) : undefined,
      fewest: Number.POSITIVE_INFINITY,
      most: 0,
    };
    this.#types.set(type, statistics);
    return statistics;
  }
}

/** Statistics of the members of objects. */
export class MemberStatistics {
  readonly #fields = new Map<string, FieldStatistics>();
  readonly #sampleLimit: number;

  constructor(sampleLimit: number) {
    this.#sampleLimit = sampleLimit;
  }

  get fields(): ReadonlyMap<string, FieldStatistics> {
    return this.#fields;
  }

  add(object: ObjectValue): void {
    for (const [name, value] of Object.entries(object)) {
      const field = this.#fields.get(name) ?? new FieldStatistics(this.#sampleLimit);
      this.#fields.set(name, field);
      field.add(value);
    }
  }

  describe(documents: number): ObjectValue {
    return Object.fromEntries([...this.#fields].map(([name, field]) => [name, field.describe(documents)]));
  }
}

function describeType(type: TypeName, statistics: TypeStatistics, documents: number): ObjectValue {
  const { count, samples, members, elements, fewest, most } = statistics;
  const share = Math.round((count * 10_000) / documents) / 100;
  return {
    '#docs': count,
    '%docs': share,
    samples: [...samples.values()].sort(compare),
    type,
    ...(type === 'object' ? { properties: members.describe(count) } : {}),
    ...(elements === undefined ? {} : { items: itemsOf(elements), minItems: fewest, maxItems: most }),
  };
}

/** Elements are described without counts of documents. */
function itemsOf(elements: FieldStatistics): Value {
  const types = [...elements.types].sort();
  const { properties } = elements.describe(1);
  const type = types.length === 1 ? types[0] : types;
  return properties === undefined ? { type } : { type, properties };
}
