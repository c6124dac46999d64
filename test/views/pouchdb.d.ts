/** The part of PouchDB that the tests use; the packages bring no types. */
declare module 'pouchdb-core' {
  interface QueryResult {
    readonly rows: readonly { readonly id?: string; readonly key: unknown; readonly value: unknown }[];
  }

  class PouchDB {
    static plugin(plugin: unknown): typeof PouchDB;
    constructor(name: string, options: { readonly adapter: 'memory' });
    bulkDocs(documents: readonly object[]): Promise<readonly object[]>;
    query(view: string, options: Readonly<Record<string, unknown>>): Promise<QueryResult>;
    destroy(): Promise<void>;
  }

  export = PouchDB;
}

declare module 'pouchdb-adapter-memory';
declare module 'pouchdb-mapreduce';
