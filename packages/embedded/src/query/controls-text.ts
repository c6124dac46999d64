import type { Query, Value } from '@cb/sqlpp';
import type { Engine } from './engine.js';
import type { QueryRequest } from './query-request.js';

/** What a server of 7.6 does not do unless it is told to. */
const DISABLED = ['(Reserved for future use) (0x40)', 'Encoded plans (0x4)', 'Golang UDFs (0x8)'];

/** Names of consistencies as plans have them. */
export const CONSISTENCIES = { not_bounded: 'unbounded', request_plus: 'scan_plus', at_plus: 'at_plus' } as const;

/** Prints how a request was understood, on one line but for the list of features, as a server does. */
export function controlsText(engine: Engine, request: QueryRequest, { type }: Query): string {
  const named = Object.entries(request.named).map(([name, value]) => [`$${name}`, value] as const);
  const json = (value: unknown): string => engine.jsonText(value as Value);
  const members = [
    `"namedArgs": ${json(Object.fromEntries(named))}`,
    `"positionalArgs": ${json(request.positional)}`,
    `"scan_consistency": "${CONSISTENCIES[request.consistency.kind]}"`,
    ...(request.queryContext === undefined ? [] : [`"query_context": ${json(request.queryContext)}`]),
    '"use_cbo": "true"',
    '"n1ql_feat_ctrl": "0x4c"',
    `"disabledFeatures":[\n${DISABLED.map((name) => `"${name}"`).join(',\n')}\n]`,
    ...(type === undefined ? [] : [`"stmtType": "${type}"`]),
  ];
  return `{${members.join(',')}}`;
}
