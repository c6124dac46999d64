import { jsonText } from '../values/json-text.js';
import type { Value } from '../values/value.js';
import { EvaluationError } from './evaluation-error.js';
import type { FunctionContext, FunctionSpec, ResultType, ServiceIdentity } from './function-spec.js';
import { fixed, ranged } from './operands.js';

const ABORT = 5011;

/** A service without nodes and users. */
const ALONE: ServiceIdentity = {
  version: '7.6.8-N1QL',
  storeVersion: '7.6.8',
  nodeName: '127.0.0.1:8091',
  nodeUuid: '',
  users: [],
};

/** Functions of the service that evaluates the statement, and of the statement itself. */
export const IDENTITIES: readonly FunctionSpec[] = [
  { ...fixed(['uuid'], 0, 'string', uuid), deterministic: false },
  ofService('version', 0, 'string', (service) => service.version),
  ofService('min_version', 0, 'string', (service) => service.version),
  ofService('ds_version', 0, 'string', (service) => service.storeVersion),
  ofService('node_name', 0, 'string', (service) => service.nodeName),
  ofService('node_uuid', 1, 'string', ({ nodeName, nodeUuid }, name) =>
    name === nodeName ? nodeUuid : name === undefined ? undefined : null,
  ),
  ofService('current_users', 0, 'array', (service) => service.users),
  { ...fixed(['abort'], 1, 'json', abort), deterministic: false },
  { ...ranged(['curl'], [1, 2], 'json', refuseCurl), deterministic: false },
];

function ofService(
  name: string,
  count: number,
  returns: ResultType,
  evaluate: (service: ServiceIdentity, ...operands: readonly Value[]) => Value,
): FunctionSpec {
  const call: FunctionSpec['evaluate'] = ({ service = ALONE }, ...operands) => evaluate(service, ...operands);
  return { ...fixed([name], count, returns, call), deterministic: false };
}

function abort(_context: FunctionContext, cause: Value): Value {
  const shown = typeof cause === 'string' ? cause : jsonText(cause);
  throw new EvaluationError(`Abort: ${shown}. - cause: ${shown}`, ABORT);
}

/** Requests to other hosts need a list of those allowed, which there is not. */
function refuseCurl(_context: FunctionContext, url: Value): Value {
  if (url === undefined || url === null) return url;
  throw new EvaluationError('Allow list for cluster is not enabled.');
}

/** Returns a random identifier of version 4. */
function uuid(context: FunctionContext): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(context.random() * 16));
  digits[12] = 4;
  digits[16] = ((digits[16] as number) & 3) | 8;
  const text = digits.map((digit) => digit.toString(16)).join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}
