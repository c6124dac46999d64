/** What Node, Bun and Deno call to show an object in a console. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** Shows an object as its class and what a log gets of it: what its `toJSON` returns. */
export function inspected(
  shown: { toJSON(): unknown },
  options: object,
  inspect: (value: unknown, options: object) => string,
): string {
  return `${shown.constructor.name} ${inspect(shown.toJSON(), options)}`;
}
