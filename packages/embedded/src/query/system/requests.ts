import { requestDocument } from '../request-document.js';
import type { SystemKeyspaceSpec } from './system-keyspace.js';

/** The requests under way; DELETE stops them. */
export const activeRequests: SystemKeyspaceSpec = {
  needs: 'catalog',
  *rows({ engine, cluster }) {
    for (const running of cluster.queries.requests.active.values()) {
      const id = `[${running.origin.node}]${running.id}`;
      yield { id, document: requestDocument(engine, running) };
    }
  },
  remove: ({ cluster }, id) => cluster.queries.requests.stop(requestIdOf(id)),
};

/** The requests that took long; DELETE forgets them. */
export const completedRequests: SystemKeyspaceSpec = {
  needs: 'catalog',
  *rows({ cluster }) {
    for (const { id, origin, document } of cluster.queries.requests.completed.values()) {
      yield { id: `[${origin.node}]${id}`, document };
    }
  },
  remove: ({ cluster }, id) => cluster.queries.requests.forget(requestIdOf(id)),
};

/** Keys of rows have the node in brackets before them. */
function requestIdOf(id: string): string {
  return id.slice(id.indexOf(']') + 1);
}
