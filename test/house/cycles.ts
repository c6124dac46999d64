/** For each file, the files that it imports. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The groups of files that reach one another through their imports, each sorted, the largest first. A file that nothing
 * leads back to is in none. (Tarjan's algorithm for strongly connected components.)
 */
export function knotsOf(graph: ImportGraph): string[][] {
  const search = new KnotSearch(graph);
  for (const file of graph.keys()) search.visit(file);
  return search.knots.sort((one, other) => other.length - one.length);
}

class KnotSearch {
  readonly knots: string[][] = [];
  readonly #graph: ImportGraph;
  /** In which order files were met; and the earliest that each leads back to. */
  readonly #order = new Map<string, number>();
  readonly #earliest = new Map<string, number>();
  readonly #open: string[] = [];

  constructor(graph: ImportGraph) {
    this.#graph = graph;
  }

  visit(file: string): void {
    if (this.#order.has(file)) return;
    const order = this.#order.size;
    this.#order.set(file, order);
    this.#earliest.set(file, order);
    this.#open.push(file);
    for (const imported of this.#graph.get(file) ?? []) {
      this.visit(imported);
      if (this.#open.includes(imported)) this.#leadsBackTo(file, this.#earliest.get(imported)!);
    }
    if (this.#earliest.get(file) === order) this.#close(file);
  }

  #leadsBackTo(file: string, order: number): void {
    this.#earliest.set(file, Math.min(this.#earliest.get(file)!, order));
  }

  #close(file: string): void {
    const knot = this.#open.splice(this.#open.indexOf(file)).sort();
    if (knot.length > 1 || this.#graph.get(file)?.has(file)) this.knots.push(knot);
  }
}
