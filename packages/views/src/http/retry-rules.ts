import type { RetryReason } from '@cb/raw';

/** Why and how a refused request is retried. */
export interface ServiceRetryRule {
  readonly reason: RetryReason;
  /** The rules of the service demand it: the retry strategy is not asked. */
  readonly always: boolean;
  /**
   * Milliseconds from the first refusal with this status in which it is retried. Without it, the request is retried
   * until the deadline.
   */
  readonly withinMs?: number;
}

/**
 * Limit, in milliseconds, for refusals that RFC 0049 retries until the deadline although they rarely pass: a wrong
 * password, a missing design document. They pass, if at all, as soon as the nodes agree again.
 */
const AGREE_MS = 1000;

const TEMPORARY: ReadonlySet<number> = new Set([300, 301, 303, 307, 408, 409, 412, 416, 417, 501, 502, 503, 504]);

/**
 * Returns the rule of the view service (SDK RFC 0049, "Views"). Every query may be retried, as none changes anything.
 */
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

/** Returns the rule of the other services, for answers of a proxy or of a node that starts. */
export function serviceRetryRule(status: number): ServiceRetryRule | undefined {
  return status === 502 || status === 503 || status === 504
    ? { reason: 'service_temporary_failure', always: false }
    : undefined;
}
