import type { ServiceHost } from './hosts.js';
import type { RouterOptions } from './router.js';

/** Warns of each endpoint that a user asks for in vain, and once for all of those that others ask for. */
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
