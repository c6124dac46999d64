import { AnswerFault } from '../faults/answer-fault.js';
import { answerOf, type FaultPlan } from '../faults/fault-plan.js';
import type { NodeFaults } from '../faults/node-faults.js';
import { dispatch } from './dispatch.js';
import { documentKey } from './document-key.js';
import type { Request } from './request.js';

/** Applies the faults of the node to a request; false when no rule matches and it must be served as usual. */
export function meetsFault(request: Request, faults: NodeFaults): boolean {
  const { frame, session } = request;
  const plan = faults.planOfKv(frame.opcode, () => documentKey(frame, session));
  if (plan === undefined) return false;
  if (plan.delayMs === 0) {
    carryOut(request, plan);
  } else {
    const parked = request.park();
    session.node.clock.after(plan.delayMs, () => session.retry(parked, () => carryOut(parked, plan)));
  }
  return true;
}

function carryOut(request: Request, plan: FaultPlan): void {
  const { session } = request;
  if (plan.request === 'reset') {
    session.reset();
    return;
  }
  if (plan.request === 'drop') return;
  const { distortion, dropsAnswer, answer } = plan;
  if (dropsAnswer || distortion !== undefined) request.fault = new AnswerFault(dropsAnswer, distortion ?? {});
  if (answer === undefined) {
    dispatch(request, session);
    return;
  }
  request.begin().raw(answerOf(answer));
  request.end(answer.status);
}
