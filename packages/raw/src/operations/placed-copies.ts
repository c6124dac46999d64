import { NO_NODE } from '@cb/protocol/internal';
import type { CompositeSteps } from '../operation/composite.js';

/** The replicas of a vbucket that have a node now, counted from 1, as `Operation.replica` counts them. */
export function placedReplicas({ host }: CompositeSteps, vbucket: number): number[] {
  const map = host.cluster.map!;
  const replicas = Array.from({ length: map.numReplicas }, (_none, index) => index + 1);
  return replicas.filter((replica) => map.replicaOf(vbucket, replica - 1) !== NO_NODE);
}
