import { EvaluationError } from '../functions/evaluation-error.js';
import { jsonText } from '../values/json-text.js';
import { isObject, type ObjectValue, typeName, type Value } from '../values/value.js';
import { MemberStatistics } from './field-statistics.js';

const SCHEMA = 'http://json-schema.org/draft-06/schema';
const INVALID_OPTION = 7000;
const NOT_NUMERIC = 7001;
const NO_DOCUMENTS = 7014;
const OPTIONS_MISSING = 7023;

/** Options of INFER ... WITH; those that only limit its time or its size are taken and do nothing. */
const KNOWN: ReadonlySet<string> = new Set([
  'sample_size',
  'similarity_metric',
  'num_sample_values',
  'dictionary_threshold',
  'infer_timeout',
  'max_schema_MB',
  'array_sample_size',
  'flags',
]);

/** How INFER looks at documents. */
export interface InferOptions {
  /** How many documents are looked at. Default 1000. */
  readonly sampleSize: number;
  /** From 0 to 1: what share of its fields a document must have in common with others to be of one flavor. Default 0.6. */
  readonly similarity: number;
  /** How many values of a field are shown. Default 5. */
  readonly sampleValues: number;
}

/** Documents that are alike. */
class Flavor {
  readonly members: MemberStatistics;
  #count = 0;

  constructor(sampleValues: number) {
    this.members = new MemberStatistics(sampleValues);
  }

  get count(): number {
    return this.#count;
  }

  add(document: ObjectValue): void {
    this.#count++;
    this.members.add(document);
  }

  /** Returns which share of all fields the document and the flavor have in common, with a type in common. */
  likeness(document: ObjectValue): number {
    const names = Object.keys(document);
    const { fields } = this.members;
    const common = names.filter((name) => fields.get(name)?.types.has(typeName(document[name]))).length;
    const all = Math.max(names.length, fields.size);
    return all === 0 ? 1 : common / all;
  }

  describe(): ObjectValue {
    return {
      '#docs': this.#count,
      $schema: SCHEMA,
      Flavor: this.#title(),
      properties: this.members.describe(this.#count),
      type: 'object',
    };
  }

  /** Names the values that all documents share. */
  #title(): string {
    const shared: string[] = [];
    for (const [name, field] of this.members.fields) {
      const value = field.onlyValue(this.#count);
      if (value !== undefined && this.#count > 1) shared.push(`\`${name}\` = ${jsonText(value)}`);
    }
    return shared.sort().join(', ');
  }
}

/**
 * Describes documents as INFER does: a list of flavors, each a schema of documents that are alike, the largest first.
 * What is not an object is left out.
 *
 * @throws EvaluationError 7014 if there are no documents
 */
export function inferSchema(documents: Iterable<Value>, options: InferOptions): Value {
  const flavors: Flavor[] = [];
  let count = 0;
  for (const document of documents) {
    if (count++ >= options.sampleSize) break;
    if (!isObject(document)) continue;
    const alike = flavors.find((flavor) => flavor.likeness(document) >= options.similarity);
    const flavor = alike ?? new Flavor(options.sampleValues);
    if (alike === undefined) flavors.push(flavor);
    flavor.add(document);
  }
  if (flavors.length === 0) throw new EvaluationError('No documents found, unable to infer schema.', NO_DOCUMENTS);
  return flavors.sort((a, b) => b.count - a.count).map((flavor) => flavor.describe());
}

/**
 * Reads the object of INFER ... WITH.
 *
 * @throws EvaluationError 7000 for an option that is unknown or out of its range, 7001 for one that is not a number
 */
export function inferOptions(value: Value): InferOptions {
  if (value !== undefined && !isObject(value)) throw new EvaluationError('Options must be provided', OPTIONS_MISSING);
  const given = value ?? {};
  for (const name of Object.keys(given)) {
    if (!KNOWN.has(name)) throw new EvaluationError(`Invalid option '${name}'`, INVALID_OPTION);
  }
  return {
    sampleSize: numberOf(given, 'sample_size', 1000, Number.MAX_SAFE_INTEGER),
    similarity: numberOf(given, 'similarity_metric', 0.6, 1),
    sampleValues: numberOf(given, 'num_sample_values', 5, Number.MAX_SAFE_INTEGER),
  };
}

function numberOf(given: ObjectValue, name: string, absent: number, most: number): number {
  const value = given[name];
  if (value === undefined) return absent;
  if (typeof value !== 'number') throw new EvaluationError(`Option '${name}' must be numeric.`, NOT_NUMERIC);
  if (value >= 0 && value <= most) return value;
  throw new EvaluationError(`Invalid option '${name}'`, INVALID_OPTION);
}
