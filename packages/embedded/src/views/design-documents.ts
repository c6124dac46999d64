import { randomBytes } from 'node:crypto';
import { InvalidDesignDocument, readViews, type ViewDefinition } from './design-document.js';

/** A design document as it is kept. */
export interface DesignDocument {
  /** `_design/` included. */
  readonly id: string;
  /** As `revision-hex`, a revision for each time it was written or deleted. */
  readonly rev: string;
  /** As it was written. */
  readonly body: object;
  /** The views, by name. */
  readonly views: ReadonlyMap<string, ViewDefinition>;
}

/** The design documents of a bucket. */
export class DesignDocuments {
  readonly #documents = new Map<string, DesignDocument>();
  /** How often each was written or deleted; of deleted ones too. */
  readonly #revisions = new Map<string, number>();

  /** In the order of their ids. */
  [Symbol.iterator](): IterableIterator<DesignDocument> {
    return [...this.#documents.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).values();
  }

  /** Returns a design document; undefined when there is none of that id, which begins with `_design/`. */
  get(id: string): DesignDocument | undefined {
    return this.#documents.get(id);
  }

  /** Why there is none: there never was one, or it is deleted. The words are the server's. */
  whyNot(id: string): 'missing' | 'deleted' {
    return this.#revisions.has(id) ? 'deleted' : 'missing';
  }

  /**
   * Writes a design document. Its functions are compiled when they are first run.
   * @param id `_design/` and a name
   * @throws InvalidDesignDocument when it is not shaped as one.
   */
  set(id: string, body: object): void {
    if (!/^_design\/./.test(id)) throw new InvalidDesignDocument(`an id must begin with _design/, not ${id}`);
    this.#documents.set(id, { id, rev: this.#nextRevision(id), body, views: readViews(body) });
  }

  /** False when there is none. */
  delete(id: string): boolean {
    if (!this.#documents.delete(id)) return false;
    this.#nextRevision(id);
    return true;
  }

  #nextRevision(id: string): string {
    const revision = (this.#revisions.get(id) ?? 0) + 1;
    this.#revisions.set(id, revision);
    return `${revision}-${randomBytes(4).toString('hex')}`;
  }
}
