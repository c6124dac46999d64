import { ProtocolError } from './errors/client-errors.js';

/**
 * Readers for JSON that a server sent. Each takes a value and the path it was found under, and either returns it with
 * its type or throws a ProtocolError that names the path, what was expected there, and what was found.
 */
export type JsonObject = { readonly [name: string]: unknown };

/**
 * @param what the name of the document in the error.
 * @throws ProtocolError when the text is not JSON.
 */
export function parseJson(json: string | Uint8Array, what: string): unknown {
  const text = typeof json === 'string' ? json : Buffer.from(json.buffer, json.byteOffset, json.length).toString();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError(`${what} is not JSON (${text.length} characters): ${(cause as Error).message}`, { cause });
  }
}

export function asObject(value: unknown, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mistyped(value, path, 'an object');
  return value as JsonObject;
}

export function asArray(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw mistyped(value, path, 'an array');
  return value;
}

export function asText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw mistyped(value, path, 'a string');
  return value;
}

export function asTexts(value: unknown, path: string): readonly string[] {
  return asArray(value, path).map((each, index) => asText(each, `${path}[${index}]`));
}

export function asBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw mistyped(value, path, 'a boolean');
  return value;
}

export function asInteger(value: unknown, path: string, min: number, max: number): number {
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    throw mistyped(value, path, `an integer from ${min} to ${max}`);
  }
  return value as number;
}

/** Reads a field that may be absent; null counts as absent. */
export function optional<T>(value: unknown, path: string, read: (value: unknown, path: string) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value, path);
}

function mistyped(value: unknown, path: string, expected: string): ProtocolError {
  const found = jsonOf(value);
  return new ProtocolError(
    `${path} must be ${expected}, but is ${found.length > 60 ? `${found.slice(0, 60)}…` : found}`,
  );
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'absent';
  } catch {
    // JSON is read to any depth, and written only as deep as the stack goes.
    return 'nested too deep to be shown';
  }
}
