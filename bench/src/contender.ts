import type { Latencies } from './latencies.js';
import type { Load } from './load.js';

/** Where a contender connects to. */
export interface ServerAddress {
  readonly kind: ServerKind;
  readonly host: string;
  readonly port: number;
  /** Where an embedded cluster serves views. */
  readonly viewsPort?: number;
  /** For clients that speak Couchbase. */
  readonly connectionString: string;
  readonly username: string;
  readonly password: string;
  readonly bucket: string;
}

export const SERVER_KINDS = ['embedded', 'memcached', 'redis'] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

/** One client under test, connected. */
export interface Contender {
  /** Carries out the load; rejects when any result is missing or wrong. */
  run(load: Load, latencies: Latencies): Promise<void>;
  close(): Promise<void>;
}

/** What each module in `contenders/` exports. */
export interface ContenderModule {
  open(server: ServerAddress): Promise<Contender>;
}

export type ContenderName = keyof typeof CONTENDERS;

/** What is known of a contender without loading it. */
export interface ContenderInfo {
  /** As the tables call it. */
  readonly title: string;
  /** The package it needs besides the project's own, if any. */
  readonly needs?: string;
  /** A client by others. */
  readonly rival: boolean;
  /** Operations in one lap, with one and with many in flight: about a second's worth. */
  readonly operations: { readonly sequential: number; readonly concurrent: number };
}

const SWIFT = { sequential: 15_000, concurrent: 200_000 };

export const CONTENDERS = {
  'socket-floor': { title: 'socket floor', rival: false, operations: { sequential: 15_000, concurrent: 400_000 } },
  'json-floor': { title: 'socket floor and JSON', rival: false, operations: SWIFT },
  raw: { title: '@cb/raw', rival: false, operations: SWIFT },
  promise: { title: '@cb/promise', rival: false, operations: SWIFT },
  'official-sdk': {
    title: 'official SDK',
    needs: 'couchbase',
    rival: true,
    operations: { sequential: 4_000, concurrent: 20_000 },
  },
  memjs: { title: 'memjs', needs: 'memjs', rival: true, operations: { sequential: 10_000, concurrent: 40_000 } },
  ioredis: { title: 'ioredis', needs: 'ioredis', rival: true, operations: { sequential: 10_000, concurrent: 60_000 } },
  'node-redis': {
    title: 'node-redis',
    needs: 'redis',
    rival: true,
    operations: { sequential: 10_000, concurrent: 60_000 },
  },
} as const satisfies Readonly<Record<string, ContenderInfo>>;

export function contenderInfo(name: ContenderName): ContenderInfo {
  return CONTENDERS[name];
}
