import { BinaryText } from './binary-text.js';
import { badValue, multiple } from './query-fault.js';

/** The parameters of a request, by their names in lower case; those of statements (`$name`) keep theirs. */
export type Parameters = ReadonlyMap<string, unknown>;

/** Reads an exact value of JSON. */
export type ParseJson = (text: string) => unknown;

/** Reads the body of a request by its content type. */
export function readBody(contentType: string, body: string, parse: ParseJson): Parameters {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json') return readJson(body, parse);
  if (type === 'application/x-www-form-urlencoded') return readForm(new URLSearchParams(body), parse);
  // Anything else is a statement, so that a forgotten header is answered with a syntax error.
  return new Map([['statement', body]]);
}

function keyOf(name: string): string {
  return /^[$@]/.test(name) ? name : name.toLowerCase();
}

function readJson(body: string, parse: ParseJson): Parameters {
  if (body.trim() === '') return new Map();
  const value = parseOrFault(body, parse);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).map(([name, each]) => [keyOf(name), each]));
}

function parseOrFault(body: string, parse: ParseJson): unknown {
  try {
    return parse(body);
  } catch (error) {
    const cut = /unexpected end|end of (?:JSON )?input|unterminated/i.test(String(error));
    throw badValue('getting value', cut ? 'unexpected end of JSON input' : String((error as Error).message));
  }
}

/** Names whose values are texts as they are; all others are JSON. */
const PLAIN = new Set([
  'statement',
  'client_context_id',
  'timeout',
  'scan_consistency',
  'scan_wait',
  'profile',
  'query_context',
  'namespace',
  'encoding',
  'format',
  'compression',
  'encoded_plan',
  'use_replica',
  'durability_level',
  'kvtimeout',
  'txtimeout',
  'txid',
  'atrcollection',
  'pretty',
  'metrics',
  'signature',
  'readonly',
]);

/** Reads the fields of a form, or of the query of an address. */
export function readForm(form: URLSearchParams, parse: ParseJson): Parameters {
  const parameters = new Map<string, unknown>();
  for (const [name, text] of form) {
    const key = keyOf(name);
    if (parameters.has(key)) throw multiple(name);
    parameters.set(key, formValue(key, text, parse));
  }
  return parameters;
}

function formValue(name: string, text: string, parse: ParseJson): unknown {
  if (PLAIN.has(name)) return text === 'true' ? true : text === 'false' ? false : text;
  try {
    return parse(text);
  } catch {
    // A parameter of a statement that is not JSON is binary.
    return /^[$@]/.test(name) ? new BinaryText(text) : text;
  }
}
