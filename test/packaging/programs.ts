import { readText } from '../house/repository.js';

/** The program that the README begins with: an ES module, and TypeScript as well. */
export const README_ESM = /```ts\n([\s\S]*?)```/.exec(readText('README.md'))![1]!;

const readmeImports = README_ESM.match(/^import .*$/gm)!.join('\n');
const readmeBody = README_ESM.replace(/^import .*$/gm, '');
const asRequires = readmeImports.replace(/^import (.*) from (.*);$/gm, 'const $1 = require($2);');

/** The same where a module is a script. */
export const README_COMMONJS = `${asRequires}\n(async () => {${readmeBody}})();`;

/** The same in TypeScript that becomes CommonJS, which has no `await` outside of functions. */
export const README_TYPED_COMMONJS = `${readmeImports}\nvoid (async () => {${readmeBody}})();`;

/** What it prints. */
export const README_PRINTED = '{ bar: 1 } is now { bar: 2 }\n';

/** What the program does once it has the packages: documents, and a view, for which the cluster needs its interpreter. */
const BODY = `
  const cluster = await EmbeddedCluster.start();
  const { connectionString, username, password } = cluster;
  const bucket = await connect(\`\${connectionString}/default\`, { username, password });
  await bucket.upsert('foo', { bar: 1 });
  const { value, cas } = await bucket.get('foo');
  await bucket.replace('foo', { bar: 2 }, { cas });
  const map = 'function (doc, meta) { emit(meta.id, doc.bar); }';
  await bucket.designDocuments.upsert('d', { views: { v: { map } } });
  const rows = [...await bucket.queryAll('d', 'v', { stale: STALE_UPDATE_BEFORE })];
  await bucket.close();
  await cluster.stop();`;

/** What it prints. */
export const PRINTED = '[{"bar":1},2]';

const PRINT = `console.log(JSON.stringify([value, rows[0].value]));`;

export const ESM_PROGRAM = `
  import { EmbeddedCluster } from '@cb/embedded';
  import { connect, STALE_UPDATE_BEFORE } from '@cb/promise';
  ${BODY}
  ${PRINT}`;

export const COMMONJS_PROGRAM = `
  const { EmbeddedCluster } = require('@cb/embedded');
  const { connect, STALE_UPDATE_BEFORE } = require('@cb/promise');
  (async () => {
    ${BODY}
    ${PRINT}
  })();`;

/** The same as the body of a test, for runners. */
export const TEST_BODY = `
  ${BODY}
  expect([value, rows[0].value]).toEqual(${PRINTED});`;

/** Strict TypeScript over every package. */
export const TYPED_PROGRAM = `
  import { EmbeddedCluster } from '@cb/embedded';
  import { type Bucket, connect, CouchbaseError, NotFoundError } from '@cb/promise';
  import { NodeIOPS, RawBucket } from '@cb/raw';
  import { iopsConformance } from '@cb/raw/conformance';
  import { SimulatedIOPS } from '@cb/raw/simulation';
  import { ClusterMap } from '@cb/protocol';
  import { ViewQuery } from '@cb/views';
  import { main } from '@cb/cli';

  async function read(bucket: Bucket): Promise<number> {
    try {
      const { value, cas } = await bucket.get<{ bar: number }>('foo');
      await bucket.replace('foo', { bar: value.bar + 1 }, { cas });
      return value.bar;
    } catch (error) {
      if (error instanceof NotFoundError || error instanceof CouchbaseError) return 0;
      throw error;
    }
  }
  export const used = [EmbeddedCluster, connect, read, NodeIOPS, RawBucket, iopsConformance, SimulatedIOPS, ClusterMap, ViewQuery, main];`;
