/** One collection by name, and its id once it is known. All handles of a bucket on the collection share it. */
export class CollectionRef {
  readonly scope: string;
  readonly name: string;
  id: number | undefined = undefined;

  constructor(scope: string, name: string) {
    this.scope = scope;
    this.name = name;
  }

  /** The names of scope and collection, as `scope.collection`. */
  get path(): string {
    return `${this.scope}.${this.name}`;
  }
}
