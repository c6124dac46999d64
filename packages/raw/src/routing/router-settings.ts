import type { ConnectionSettings } from '../connection/connection-settings.js';
import type { RetryStrategy } from '../operation/retry-strategy.js';
import type { EndpointSettings } from './node-endpoint.js';

export interface RouterSettings extends ConnectionSettings, EndpointSettings {
  readonly network: string;
  readonly retry: RetryStrategy;
  readonly connectionsPerNode: number;
  /** Milliseconds between two requests for a map, at least. */
  readonly configFloorMs: number;
}
