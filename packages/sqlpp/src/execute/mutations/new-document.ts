import { clauseFault } from '../../errors/clause-fault.js';
import type { Evaluate, Row, Run } from '../../expressions/run.js';
import type { MutationOptions } from '../../keyspaces/keyspace.js';
import { StatementError } from '../../text/syntax-error.js';
import { jsonText } from '../../values/json-text.js';
import { isInteger } from '../../values/numbers.js';
import { isObject, typeName, type Value } from '../../values/value.js';
import { documentOptions } from './document-options.js';
import type { MutationRun } from './mutation-run.js';

/** Key, value and options of a document that is inserted. */
export interface NewDocumentCode {
  readonly key: Evaluate;
  readonly value: Evaluate;
  readonly options: Evaluate | undefined;
}

/** A document that is to be inserted. */
export interface NewDocument {
  readonly id: string;
  readonly value: Value;
  readonly options: MutationOptions;
}

type Verb = 'insert' | 'upsert';

const CODE_KEY = { insert: 5070, upsert: 5078 } as const;
const CODE_OPTIONS = { insert: 5071, upsert: 5079 } as const;

/** Names of types as messages of the engine have them. */
const TYPES = {
  missing: 'value.missingValue',
  null: '*value.nullValue',
  boolean: 'value.boolValue',
  number: 'value.floatValue',
  string: 'value.stringValue',
  array: 'value.sliceValue',
  object: 'value.objectValue',
  binary: 'value.binaryValue',
} as const;

/** Evaluates a document, or returns the error of one that cannot be stored. */
export function newDocument(
  code: NewDocumentCode,
  verb: Verb,
  clause: string,
  row: Row,
  run: MutationRun,
): NewDocument | StatementError {
  const key = evaluated(code.key, clause, row, run);
  if (typeof key !== 'string') {
    return new StatementError(CODE_KEY[verb], `Cannot ${verb.toUpperCase()} non-string key ${shown(key)}.`);
  }
  const value = evaluated(code.value, clause, row, run);
  const options = code.options && evaluated(code.options, clause, row, run);
  if (options !== undefined && !isObject(options)) {
    const text = `Cannot ${verb.toUpperCase()} non-OBJECT options ${shown(options)}.`;
    return new StatementError(CODE_OPTIONS[verb], text);
  }
  const fallback = verb === 'upsert' && run.preservesExpiration ? undefined : 0;
  return { id: key, value, options: documentOptions(options, fallback) };
}

function evaluated(code: Evaluate, clause: string, row: Row, run: Run): Value {
  try {
    return code(row, run);
  } catch (error) {
    throw clauseFault(clause, error);
  }
}

function shown(value: Value): string {
  const type = isInteger(value) ? 'value.intValue' : TYPES[typeName(value)];
  return `${value === undefined ? 'Missing field or index.' : jsonText(value)} of type ${type}`;
}
