import type { ConnectionSettings } from './connection-settings.js';
import type { PipelineSettings } from './pipeline.js';
import type { RetryStrategy } from './retry-strategy.js';

export interface RouterSettings extends ConnectionSettings, PipelineSettings {
  readonly network: string;
  readonly retry: RetryStrategy;
  readonly connectionsPerNode: number;
  /** Milliseconds between two requests for a map, at least. */
  readonly configFloorMs: number;
}
