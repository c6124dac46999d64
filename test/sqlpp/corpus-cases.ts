import { type Catalog, parseJson, type Value } from '@cb/sqlpp';
import { readLines } from './golden-statements.js';
import { catalogOf } from './sorted-keyspaces.js';

/** A case of the engine's own suite. */
export interface Case {
  readonly id: string;
  readonly suite: string;
  readonly area: string;
  readonly file: string;
  /** Name of the data set. */
  readonly data: string;
  readonly statement: string;
  readonly results?: readonly unknown[];
  readonly ordered?: boolean;
  /** A part of the message. */
  readonly error?: string;
  readonly errorCode?: number;
  readonly warning?: string;
  readonly warningCode?: number;
  readonly args?: readonly unknown[];
  readonly namedArgs?: Readonly<Record<string, unknown>>;
  readonly queryParams?: Readonly<Record<string, unknown>>;
  /** Names that are dropped at every depth. */
  readonly ignore?: string | readonly string[];
  /** Names of the row that are kept. */
  readonly accept?: string | readonly string[];
  readonly before?: string | readonly string[];
  readonly after?: string | readonly string[];
  /** Whether it changes what later cases see. */
  readonly stateful?: boolean;
  /** A statement with the same results. */
  readonly sameAs?: string;
}

interface StoredDocument {
  readonly keyspace: string;
  readonly id: string;
  readonly doc?: Value;
  readonly raw?: string;
  readonly areas?: readonly string[];
}

type Documents = Record<string, (readonly [id: string, document: Value])[]>;

export function readCases(): Case[] {
  return readLines('sqlpp/sqlpp-cases.jsonl.gz').map((line) => JSON.parse(line) as Case);
}

function readDocuments(name: string): StoredDocument[] {
  return readLines(`sqlpp/${name}.ndjson.gz`).map((line) => parseJson(line) as unknown as StoredDocument);
}

/** The data sets that cases run on. */
export class DataSets {
  readonly #json = readDocuments('sqlpp-data-json');
  readonly #sample = readDocuments('sqlpp-data-sampledb');
  readonly #areas = readDocuments('sqlpp-data-areas');

  /** Makes a catalog with the documents of a data set. */
  catalog(name: string): Catalog {
    const all = [...this.#json, ...this.#sample, ...this.#areas];
    if (name === 'json') return catalogOf(keyspacesOf(this.#json, all));
    const [kind, testId] = name.split(':');
    if (kind === 'sampledb') {
      const documents = this.#sample.map(({ id, doc, ...rest }) => ({
        ...rest,
        id: `${id}_${testId}`,
        doc: { ...(doc as object), test_id: testId },
      }));
      return catalogOf(keyspacesOf(documents, all));
    }
    const area = name.slice(name.indexOf('/') + 1);
    const isOf = ({ areas = [] }: StoredDocument): boolean => areas.includes(name) || areas.includes(`gsi/${area}`);
    return catalogOf(keyspacesOf(this.#areas.filter(isOf), all));
  }
}

/** Documents by keyspace; those without any are there too. */
function keyspacesOf(documents: readonly StoredDocument[], all: readonly StoredDocument[]): Documents {
  const keyspaces: Documents = {};
  for (const { keyspace } of all) keyspaces[keyspace] ??= [];
  for (const { keyspace, id, doc, raw } of documents) keyspaces[keyspace]?.push([id, doc ?? raw ?? null]);
  return keyspaces;
}

/** Cases that run one after the other: those of a file. */
export function casesByFile(): ReadonlyMap<string, readonly Case[]> {
  const files = new Map<string, Case[]>();
  for (const each of readCases()) {
    const name = `${each.suite}/${each.area}/${each.file}`;
    files.set(name, [...(files.get(name) ?? []), each]);
  }
  return files;
}
