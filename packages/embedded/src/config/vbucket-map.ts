import { ArgumentError } from '@cb/protocol';

/** Maximum number of replicas of a bucket. */
export const REPLICAS_MAX = 3;
/** Maximum number of vbuckets of a bucket: their ids are 15 bits of the hash. */
export const VBUCKETS_MAX = 32768;

/**
 * Spreads vbuckets and their replicas evenly over nodes, no two copies of one on the same node. The actives go round
 * the nodes; the replicas of one node's actives go round the others, so that its neighbour does not get all of them.
 * Copies that there are not enough nodes for are -1.
 */
export function spreadVbuckets(vbuckets: number, nodes: number, replicas: number): number[][] {
  if (nodes < 1) throw new ArgumentError(`nodes must be at least 1, not ${nodes}`);
  return Array.from({ length: vbuckets }, (_, vbucket) => {
    const active = vbucket % nodes;
    const turn = Math.floor(vbucket / nodes);
    const chain = [active];
    for (let copy = 0; copy < replicas; copy++) chain.push(copy < nodes - 1 ? other(active, turn + copy, nodes) : -1);
    return chain;
  });
}

/** The `turn`-th node that is not `active`, going round. */
function other(active: number, turn: number, nodes: number): number {
  return (active + 1 + (turn % (nodes - 1))) % nodes;
}
