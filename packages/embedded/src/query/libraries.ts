import type { FunctionName } from '@cb/sqlpp';

/** A library of functions of JavaScript. */
export interface Library {
  readonly name: string;
  /** Both are empty for a library of the whole cluster. */
  readonly bucket: string;
  readonly scope: string;
  readonly code: string;
}

/** The libraries that functions of JavaScript are in. */
export class Libraries {
  readonly #libraries = new Map<string, Library>();

  /** All libraries, in the order of their creation. */
  all(): Library[] {
    return [...this.#libraries.values()];
  }

  find(place: Omit<Library, 'code'>): Library | undefined {
    return this.#libraries.get(pathOf(place));
  }

  put(library: Library): void {
    this.#libraries.set(pathOf(library), library);
  }

  /** Returns whether there was one. */
  remove(place: Omit<Library, 'code'>): boolean {
    return this.#libraries.delete(pathOf(place));
  }

  /** Finds the library that a function is in: `./name` is one of the scope of the function. */
  of({ bucket = '', scope = '' }: FunctionName, path: string): Library | undefined {
    return this.#libraries.get(path.startsWith('./') ? pathOf({ bucket, scope, name: path.slice(2) }) : path);
  }
}

/** Returns whether a function may be in a library: one of the whole cluster, or of its own scope. */
export function isLibraryPath({ bucket = '', scope = '' }: FunctionName, path: string): boolean {
  const name = path.startsWith('./') ? path.slice(2) : path;
  const own = scope === '' ? '' : `${bucket}/${scope}/`;
  return /^[^/]+$/.test(name.startsWith(own) ? name.slice(own.length) : name);
}

function pathOf({ bucket, scope, name }: Omit<Library, 'code'>): string {
  return scope === '' ? name : `${bucket}/${scope}/${name}`;
}
