import { nodeName } from '../node-name.js';
import { preparedDocument } from '../prepared-document.js';
import type { SystemKeyspaceSpec } from './system-keyspace.js';

/** The prepared statements; DELETE forgets them. */
export const prepareds: SystemKeyspaceSpec = {
  needs: 'catalog',
  *rows({ engine, cluster }) {
    // All nodes know all statements: they are listed once.
    const node = nodeName(cluster, 0);
    for (const [key, entry] of cluster.queries.prepareds(engine).entries()) {
      yield { id: `[${node}]${key}`, document: preparedDocument(engine, entry, node) };
    }
  },
  remove: ({ engine, cluster }, id) => cluster.queries.prepareds(engine).remove(id.slice(id.indexOf(']') + 1)),
};
