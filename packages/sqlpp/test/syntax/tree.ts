/** What tells only where something was written. */
const PLACES: ReadonlySet<string> = new Set(['at', 'aliasAt']);

/**
 * Returns what a syntax tree means: without offsets, without texts of what is in the tree too, and without parentheses,
 * save those that keep a name or a field from lending its name.
 */
export function meaningOf(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(meaningOf);
  if (typeof node !== 'object' || node === null) return node;
  const members = Object.entries(node).filter(([name, value]) => value !== undefined && !isForm(name, value, node));
  const sorted = members.sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, value]) => [name, meaningOf(value)]));
}

function isForm(name: string, value: unknown, node: { readonly kind?: string; readonly language?: string }): boolean {
  const { kind = '', language } = node;
  if (name === 'parenthesised') return kind !== 'name' && kind !== 'field';
  if (name === 'text') return kind === 'explain' || kind === 'prepare' || language === 'inline';
  // The end of a select is an offset; that of a slice or of a frame is a part of the tree.
  return PLACES.has(name) || (name === 'end' && typeof value === 'number') || (name === 'kind' && kind === '');
}
