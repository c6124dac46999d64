import { serviceRetryRule, viewRetryRule } from '../../src/http/retry-rules.js';

const missing = '{"error":"not_found","reason":"missing"}';

test.each<[number, string, 'always' | 'until the deadline' | 'briefly' | 'never']>([
  [302, '', 'always'],
  ...[300, 301, 303, 307, 408, 409, 412, 416, 417, 501, 502, 503, 504].map(
    (status): [number, string, 'until the deadline'] => [status, '', 'until the deadline'],
  ),
  [401, '', 'briefly'],
  [404, missing, 'briefly'],
  [404, '{"error": "not_found", "reason" : "missing"}', 'briefly'],
  [404, '{"error":"not_found","reason":"deleted"}', 'never'],
  [404, '', 'never'],
  [500, '', 'briefly'],
  [500, '{"error":"case_clause","reason":"x"}', 'briefly'],
  [500, '{"error":"error","reason":"{not_found, missing_named_view}"}', 'never'],
  [500, '{"error":"error","reason":"badarg"}', 'never'],
  ...[200, 304, 400, 402, 403, 405, 410, 413, 505].map((status): [number, string, 'never'] => [
    status,
    missing,
    'never',
  ]),
])('views: %i %s is repeated %s', (status, body, expected) => {
  const rule = viewRetryRule(status, body);
  if (rule === undefined) {
    expect(expected).toBe('never');
    return;
  }
  expect(rule.always ? 'always' : rule.withinMs === undefined ? 'until the deadline' : 'briefly').toBe(expected);
  expect(rule.reason).toBe(status === 302 ? 'views_no_active_partition' : 'views_temporary_failure');
});

test('other services: what a proxy says, and nothing else', () => {
  const repeated = Array.from({ length: 600 }, (_none, status) => status).filter((status) => serviceRetryRule(status));
  expect(repeated).toEqual([502, 503, 504]);
});
