import type { Frame, FrameWriter, ScramServer } from '@cb/protocol';
import type { User } from '../auth/user.js';
import type { Users } from '../auth/users.js';
import type { Random } from '../base/random.js';
import type { AnswerFault } from '../faults/answer-fault.js';
import type { NodeFaults } from '../faults/node-faults.js';
import type { Bucket } from '../store/bucket.js';
import type { ConfigText, ConfigVersion } from '../store/config-text.js';
import type { LocalBucket } from '../store/local-bucket.js';
import type { Clock } from '../time/clock.js';
import type { Command } from './command.js';
import type { Features } from './features.js';
import type { Request } from './request.js';

/** The part of a session that commands and requests need. */
export interface Session {
  readonly node: KvNode;
  readonly features: Features;
  /** Where replies are written; only `Request` uses it. */
  readonly writer: FrameWriter;
  /** Undefined until the client has signed in. */
  readonly user: User | undefined;
  /** The selected one. */
  readonly bucket: Bucket | undefined;
  /** Bits of `Privilege` that the user has for the selected bucket. */
  privileges: number;
  /** The client's name in HELLO. */
  agent: string;
  /** The SCRAM exchange that waits for the client's last message. */
  scram: ScramServer | undefined;
  /** The newest configuration of the selected bucket (or of the cluster) that the client was given. */
  knownConfig: ConfigVersion | undefined;
  readonly isOpen: boolean;
  /** Sets the user of the session, and selects the bucket of the same name, if there is one. */
  signIn(user: User | undefined): void;
  select(bucket: Bucket | undefined): void;
  /** Ends the session; what was answered is still sent. */
  close(): void;
  /** Breaks the connection at once. */
  reset(): void;
  /** Announces a newer configuration to a client that registered for that. */
  pushConfig(bucket: string, config: ConfigText): void;
  /** A reply is complete. */
  wrote(): void;
  /** The answer to a request that meets a fault is complete. */
  wroteFaulty(fault: AnswerFault): void;
  /** A request waits for an answer from elsewhere. */
  parked(request: Request): void;
  /** A parked request is answered. */
  unpark(request: Request): void;
  /** Serves a parked request from the start, or in another way. */
  retry(request: Request, serve?: (request: Request, session: Session) => void): void;
}

/** The part of a node that KV needs. */
export interface KvNode {
  readonly clock: Clock;
  readonly random: Random;
  readonly users: Users;
  /** The answer to VERSION. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** While it hangs, the node serves nothing; connections stay, and what they send waits. */
  readonly isHanging: boolean;
  /** The user as which connections start; undefined for none. */
  readonly anonymous: string | undefined;
  /** Whether a cluster manager defines each user's privileges in each bucket. */
  readonly hasClusterManager: boolean;
  /** Answers NOT_MY_VBUCKET without a map that the client has been given already, when it agreed to that. */
  readonly dedupesMaps: boolean;
  /** While it comes back from having been down; undefined once it serves. */
  readonly startup: StartupPhase | undefined;
  /** The faults that its clients meet; undefined while there are none. */
  readonly faults: NodeFaults | undefined;
  /** Undefined when the node is not traced. */
  readonly trace: KvTrace | undefined;
  /** By opcode; undefined is a command that the node does not know. */
  readonly commands: readonly (Command | undefined)[];
  /** By name, in the order in which they were created. */
  readonly buckets: ReadonlyMap<string, Bucket>;
  /** Those of them that clients can select now. */
  readonly selectable: ReadonlyMap<string, Bucket>;
  readonly sessions: Set<Session>;
  /** What serves the sessions, for when the node no longer hangs. */
  readonly connections: Set<{ goOn(): void }>;
  /** Number of connections so far. */
  connectionsTotal: number;
  /** Whether HELLO grants the feature. */
  grants(feature: number): boolean;
  /** Whether the version of the node is this one or a later one. */
  isAtLeast(major: number, minor: number): boolean;
  /**
   * Returns the published configuration of a bucket, or with the empty name that of the cluster; undefined when there
   * is none.
   */
  configOf(bucketName: string): ConfigText | undefined;
  /**
   * Publishes this configuration; the empty name stands for the cluster's. Returns false when there is no such bucket.
   */
  setConfig(bucketName: string, config: ConfigText): boolean;
  /** Creates a bucket on this node alone, without vbuckets. False when the name is taken. */
  createBucket(name: string, type: LocalBucket['type']): boolean;
  /** Deletes this node's part of a bucket; the sessions that have it selected are closed. */
  deleteBucket(name: string): boolean;
  /** Emits a warning about a request that is not supported. */
  warn(message: string): void;
}

/** The progress of a node that restarts. */
export interface StartupPhase {
  /** Whether clients can sign in. */
  readonly hasUsers: boolean;
  /** The status of selecting a bucket before there is one. */
  readonly selectStatus: number;
  readonly hasBuckets: boolean;
}

/** Receives the requests, answers and pushes of a node. */
export interface KvTrace {
  asked(session: Session, frame: Frame): void;
  answered(request: Request, status: number): void;
  /** @param name what the server's request is called */
  pushed(session: Session, name: string, key: string): void;
}
