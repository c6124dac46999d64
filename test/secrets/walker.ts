import { types } from 'node:util';

/** A place where something was found: the way to it from where the search began. */
export type Trail = string;

/**
 * Searches all that can be reached from an object for texts: own properties, those that are not enumerable and those
 * with symbols too, what getters return (inherited ones as well), the members of maps and sets, and bytes.
 * What a module or the language itself offers is not gone into.
 */
export function trailsTo(start: unknown, texts: readonly string[]): Trail[] {
  const found: Trail[] = [];
  const seen = new Set<unknown>();
  const pending: { readonly value: unknown; readonly trail: Trail }[] = [{ value: start, trail: 'it' }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, trail } = next;
    if (holds(value, texts)) found.push(trail);
    if (typeof value !== 'object' || value === null || seen.has(value) || value === globalThis) continue;
    seen.add(value);
    if (types.isTypedArray(value) || types.isAnyArrayBuffer(value)) continue;
    for (const [name, member] of membersOf(value)) pending.push({ value: member, trail: `${trail}.${name}` });
  }
  return found;
}

function holds(value: unknown, texts: readonly string[]): boolean {
  if (typeof value === 'string') return texts.some((text) => value.includes(text));
  if (value instanceof Uint8Array) return holds(Buffer.from(value).toString('latin1'), texts);
  return types.isAnyArrayBuffer(value) && holds(new Uint8Array(value as ArrayBuffer), texts);
}

function membersOf(value: object): [name: string, member: unknown][] {
  const members: [string, unknown][] = [];
  if (value instanceof Map) for (const [key, each] of value) members.push(['key', key], [`get(${String(key)})`, each]);
  if (value instanceof Set) for (const each of value) members.push(['member', each]);
  for (let level: object = value; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      members.push([key, readOf(value, descriptor)]);
    }
    for (const key of Object.getOwnPropertySymbols(level)) {
      members.push([String(key), readOf(value, Object.getOwnPropertyDescriptor(level, key)!)]);
    }
  }
  return members;
}

function readOf(value: object, { get, value: own }: PropertyDescriptor): unknown {
  if (get === undefined) return own;
  try {
    return get.call(value);
  } catch {
    return undefined;
  }
}
