import type { ServiceHost } from './hosts.js';
import type { RouterOptions } from './router.js';

/** Warns of each unknown endpoint that a user requests, and once for all that clients without a user request. */
export function warnOfUnknown(
  cluster: ServiceHost,
  service: 'management' | 'view' | 'query',
): RouterOptions['onUnknown'] {
  return (method, path, isSignedIn) => {
    const message = `unknown ${service} endpoint ${method} ${path}: answered with 404`;
    if (isSignedIn) cluster.warn(message);
    else cluster.warn(`${message}, as are others that are asked for without signing in`, `strangers at ${service}`);
  };
}
