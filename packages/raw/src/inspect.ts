/** What Node, Bun and Deno call to show an object in a console. */
export const INSPECT = Symbol.for('nodejs.util.inspect.custom');
