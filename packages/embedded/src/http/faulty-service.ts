import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers';
import { answerOf, type FaultPlan } from '../faults/fault-plan.js';
import type { NodeFaults } from '../faults/node-faults.js';
import { type Distortion, PacedOutput } from '../faults/paced-output.js';
import type { Clock } from '../time/clock.js';
import type { HttpService } from './http-listener.js';

/** The part of a node that the faults of its services need. */
export interface FaultyHost {
  readonly clock: Clock;
  readonly faults: NodeFaults | undefined;
}

/** The service with the faults of its node before it. */
export function faultyService(service: HttpService, node: FaultyHost): HttpService {
  return (request, response) => {
    const { faults } = node;
    const plan = faults?.planOfHttp(new URL(request.url ?? '/', 'http://node').pathname);
    return plan === undefined ? service(request, response) : carryOut(plan, { service, node, request, response });
  };
}

/** A request on its way to a service. */
export interface Exchange {
  readonly service: HttpService;
  readonly node: FaultyHost;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Serves a request as the rules say that act on it. */
export async function carryOut(plan: FaultPlan, { service, node, request, response }: Exchange): Promise<void> {
  if (plan.delayMs > 0) await new Promise<void>((resolve) => node.clock.after(plan.delayMs, resolve));
  if (plan.request === 'reset') request.socket.resetAndDestroy();
  if (plan.request !== 'serve') return;
  if (plan.dropsAnswer) distort(node, response, { truncate: 0 }, true);
  else if (plan.distortion !== undefined) distort(node, response, plan.distortion, false);
  if (plan.answer === undefined) {
    await service(request, response);
    return;
  }
  const { status, body } = plan.answer;
  const isText = body === undefined || typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
  response.end(answerOf(plan.answer));
}

/** Distorts the body of the response. The head is sent as it is, with the first piece, or never. */
function distort(node: FaultyHost, response: ServerResponse, distortion: Distortion, isDropped: boolean): void {
  const { write, end } = response;
  const output = new PacedOutput({
    write: (bytes) => void write.call(response, bytes, 'utf8'),
    reset: () => response.socket?.resetAndDestroy(),
    later: (ms, action) => void (ms === 0 ? setImmediate(action) : node.clock.after(ms, action)),
  });
  const body: Buffer[] = [];
  const keep = (chunk: unknown): void => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) body.push(Buffer.from(chunk as string));
  };
  response.write = (chunk: unknown): boolean => {
    keep(chunk);
    return true;
  };
  response.end = (chunk?: unknown): ServerResponse => {
    keep(chunk);
    if (!isDropped) {
      response.flushHeaders();
      output.send(Buffer.concat(body), distortion);
      output.end(() => void end.call(response, undefined, 'utf8'));
    }
    return response;
  };
}
