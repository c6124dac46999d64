/** Loads a compiled file of a package that is none of its entries. */
export function loadInternal<T>(packageName: string, file: string): Promise<T> {
  return import(new URL(file, import.meta.resolve(packageName)).href);
}
