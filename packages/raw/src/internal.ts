/*
 * For the packages that stand on this one, and for them alone: no promises. What is here may change or go in any version.
 */

export { closest } from '@cb/protocol/internal';
export type { BucketServices, ServiceSettings, ServiceWork } from './bucket/bucket-services.js';
export { checkExperimental } from './bucket/experimental.js';
export { servicesOf } from './bucket/offered-services.js';
export type { Credentials } from './connection/credentials.js';
export { asBroken, freeSocket, socketFailed } from './connection/socket-troubles.js';
export type { TlsSettings } from './connection/tls-settings.js';
export { nextTick, soon } from './iops/turns.js';
export { askStrategy, checkRetry } from './operation/retry-strategy.js';
export { throwLater } from './results/async-result.js';
export { INSPECT, inspected } from './results/inspect.js';
export { addAbortAction, removeAbortAction } from './results/signals.js';
export type { Limit, Wait } from './time/timers.js';
export { checkOptions, checkSignal, checkTimeout, describe } from './values/argument-checks.js';
export { stringifyJson } from './values/exact-json.js';
