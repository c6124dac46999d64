import type { RetryReason } from '@cb/raw';

/** Why and how a refused request is sent again. */
export interface ServiceRetryRule {
  readonly reason: RetryReason;
  /** The service's own rules ask for it: no strategy is asked. */
  readonly always: boolean;
  /**
   * Milliseconds, from the first refusal of the kind, in which it may pass. Without, it is repeated until the deadline.
   */
  readonly withinMs?: number;
}

/**
 * The rules of RFC 0049 have some refusals repeated until the deadline that do not often pass: a wrong password, a
 * design document that is not there. They pass, if at all, as soon as the nodes agree again.
 */
const AGREE_MS = 1000;

const TEMPORARY: ReadonlySet<number> = new Set([300, 301, 303, 307, 408, 409, 412, 416, 417, 501, 502, 503, 504]);

/** The view service (SDK RFC 0049, "Views"). Every query can be repeated: none changes anything. */
export function viewRetryRule(status: number, body: string): ServiceRetryRule | undefined {
  const reason = 'views_temporary_failure';
  // The node has no active vbuckets: a rebalance begins or ends there.
  if (status === 302) return { reason: 'views_no_active_partition', always: true };
  if (TEMPORARY.has(status)) return { reason, always: false };
  if (status === 401) return { reason, always: false, withinMs: AGREE_MS };
  // A design document that was just published is missing until every node has it.
  if (status === 404 && /"reason"\s*:\s*"missing"/.test(body)) return { reason, always: false, withinMs: AGREE_MS };
  if (status === 500 && !isFinal500(body)) return { reason, always: false, withinMs: AGREE_MS };
  return undefined;
}

function isFinal500(body: string): boolean {
  return body.includes('"error"') && (body.includes('{not_found, missing_named_view}') || body.includes('"badarg"'));
}

/** The other services: what a proxy or a node that starts says. */
export function serviceRetryRule(status: number): ServiceRetryRule | undefined {
  return status === 502 || status === 503 || status === 504
    ? { reason: 'service_temporary_failure', always: false }
    : undefined;
}
