import {
  AuthError,
  BucketNotFoundError,
  ClusterMap,
  type CouchbaseError,
  chooseMechanism,
  ErrorMap,
  Feature,
  type Frame,
  type FrameWriter,
  Opcode,
  parseExtendedError,
  plainMessage,
  type SaslMechanism,
  ScramClient,
  Status,
  statusError,
} from '@cb/protocol';
import type { BootstrapSession } from './bootstrap-session.js';
import { scramCrypto } from './scram-crypto.js';

/** One request of the handshake: how it is written, and what its answer means. */
export interface BootstrapStep {
  readonly name: string;
  readonly opcode: number;
  /** Writes extras, key and value; there are none when absent. */
  write?(session: BootstrapSession, block: FrameWriter): void;
  /** Throws what ends the connection; an optional step throws nothing. */
  read(session: BootstrapSession, frame: Frame): void;
}

/** The features that HELLO requests: only those in use, as each feature changes what the server sends. */
const FEATURES: readonly number[] = [
  Feature.TcpNoDelay,
  Feature.Xattr,
  Feature.Xerror,
  Feature.SelectBucket,
  Feature.Json,
  Feature.Duplex,
  Feature.DedupeNotMyVbucketClustermap,
  Feature.GetClusterConfigWithKnownVersion,
  Feature.AltRequest,
  Feature.SyncReplication,
  Feature.Collections,
  Feature.PreserveTtl,
  Feature.Vattr,
  Feature.SubdocCreateAsDeleted,
  Feature.SubdocDocumentMacroSupport,
  Feature.SubdocReplaceBodyWithXattr,
  Feature.SubdocReplicaRead,
  Feature.SubdocAllowsAccessOnMultipleXattrKeys,
  Feature.SubdocBinaryXattr,
];

const MAP_NOTIFICATIONS: readonly number[] = [
  Feature.ClustermapChangeNotification,
  Feature.ClustermapChangeNotificationBrief,
];

const ERROR_MAP_VERSION = 2;

const hello: BootstrapStep = {
  name: 'hello',
  opcode: Opcode.Hello,
  write(session, block) {
    block.utf8(session.settings.userAgent);
    block.endKey();
    const { mutationTokens, mapNotifications, compression, unorderedExecution } = session.settings;
    for (const feature of FEATURES) block.u16(feature);
    if (mutationTokens) block.u16(Feature.MutationSeqno);
    if (mapNotifications) for (const feature of MAP_NOTIFICATIONS) block.u16(feature);
    if (compression !== undefined) block.u16(Feature.Snappy);
    if (unorderedExecution) block.u16(Feature.UnorderedExecution);
  },
  read(session, frame) {
    if (frame.status !== Status.Success) throw refused('hello', frame);
    const { value } = frame;
    const features = new Set<number>();
    for (let at = 0; at + 1 < value.length; at += 2) features.add(value.readUInt16BE(at));
    session.features = features;
  },
};

const errorMap: BootstrapStep = {
  name: 'error map',
  opcode: Opcode.GetErrorMap,
  write(_session, block) {
    block.u16(ERROR_MAP_VERSION);
  },
  read(session, frame) {
    if (frame.status === Status.Success) session.errorMap = readErrorMap(frame);
  },
};

/** Optional: a map that cannot be read is ignored, and the node is used without it. */
function readErrorMap(frame: Frame): ErrorMap | undefined {
  try {
    return ErrorMap.parse(frame.value);
  } catch {
    return undefined;
  }
}

const saslMechanisms: BootstrapStep = {
  name: 'SASL mechanisms',
  opcode: Opcode.SaslListMechs,
  read(session, frame) {
    if (frame.status === Status.Success) session.serverMechanisms = frame.value.toString('latin1');
  },
};

const saslAuth: BootstrapStep = {
  name: 'authenticate',
  opcode: Opcode.SaslAuth,
  write(session, block) {
    const { mechanism, settings } = session;
    const credentials = settings.credentials!.reveal();
    block.latin1(mechanism);
    block.endKey();
    if (mechanism === 'PLAIN') {
      block.utf8(plainMessage(credentials));
    } else {
      session.scram = new ScramClient({
        ...credentials,
        crypto: scramCrypto(mechanism),
        nonce: session.randomBytes(24).toString('base64'),
        iterationsMin: settings.iterationsMin,
      });
      block.utf8(session.scram.first());
    }
  },
  read(session, frame) {
    const { status } = frame;
    session.refusal = undefined;
    if (status === Status.AuthContinue && session.scram !== undefined) {
      session.challenge = session.scram.challenged(frame.value.toString('utf8'));
    } else if (status === Status.Success && session.mechanism === 'PLAIN') {
      session.authenticated = true;
    } else if (status === Status.Success) {
      throw new AuthError('the server accepted the login without proving that it knows the password');
    } else {
      session.refusal = authenticationFailure(session, frame);
      if (otherMechanism(session) === undefined) throw session.refusal;
    }
  },
};

const saslStep: BootstrapStep = {
  name: 'authenticate',
  opcode: Opcode.SaslStep,
  write(session, block) {
    block.latin1(session.mechanism);
    block.endKey();
    block.utf8(session.scram!.final(session.saltedPassword!));
  },
  read(session, frame) {
    if (frame.status !== Status.Success) throw authenticationFailure(session, frame);
    session.scram!.verify(frame.value.toString('utf8'));
    session.authenticated = true;
  },
};

const selectBucket: BootstrapStep = {
  name: 'select bucket',
  opcode: Opcode.SelectBucket,
  write(session, block) {
    block.utf8(session.settings.bucket!);
    block.endKey();
  },
  read(session, frame) {
    if (frame.status === Status.Success) return;
    if (frame.status === Status.KeyNotFound || frame.status === Status.Access || frame.status === Status.NoBucket) {
      const name = JSON.stringify(session.settings.bucket);
      const why = session.settings.credentials === undefined ? 'no user name was given' : 'the user may not see it';
      const message = `there is no bucket ${name}, or ${why}`;
      throw new BucketNotFoundError(message, { status: frame.status, ...parseExtendedError(frame) });
    }
    throw refused('select bucket', frame);
  },
};

/** Statuses of a node that has none yet: it was just started, or the bucket was just created. */
const NO_CONFIGURATION: ReadonlySet<number> = new Set([Status.Success, Status.KeyNotFound, Status.TemporaryFailure]);

const clusterConfig: BootstrapStep = {
  name: 'cluster configuration',
  opcode: Opcode.GetClusterConfig,
  read(session, frame) {
    if (frame.status === Status.Success && frame.valueLength > 0) {
      session.map = ClusterMap.parse(frame.value, session.host);
    } else if (!NO_CONFIGURATION.has(frame.status) && session.settings.bucket !== undefined) {
      throw refused('cluster configuration', frame);
    }
  },
};

/** The one request that every memcached answers correctly. */
const version: BootstrapStep = {
  name: 'version',
  opcode: Opcode.Version,
  read(_session, frame) {
    if (frame.status !== Status.Success) throw refused('version', frame);
  },
};

/** Returns the steps that are sent as soon as the connection is established. */
export function firstFlight(session: BootstrapSession): readonly BootstrapStep[] {
  if (session.settings.protocol === 'memcached') return [version];
  if (session.authenticated) return [hello, errorMap, ...afterLogin(session)];
  // The plain mechanism takes one message, so that everything can follow without waiting; nothing that comes after a
  // refused login is believed, as the first bad answer ends the handshake.
  if (session.mechanism === 'PLAIN') return [hello, errorMap, saslAuth, ...afterLogin(session)];
  return [hello, errorMap, saslMechanisms, saslAuth];
}

/** What is sent when all of a flight was answered; undefined when the handshake is complete. */
export function flightAfter(
  flight: readonly BootstrapStep[],
  session: BootstrapSession,
): readonly BootstrapStep[] | undefined {
  if (flight.includes(clusterConfig) || flight.includes(version)) return undefined;
  if (session.refusal !== undefined) {
    session.mechanism = otherMechanism(session)!;
    return [saslAuth];
  }
  // The server's proof is verified before anything else is believed: its answer to the step comes first.
  return [saslStep, ...afterLogin(session)];
}

function afterLogin(session: BootstrapSession): readonly BootstrapStep[] {
  return session.settings.bucket === undefined ? [clusterConfig] : [selectBucket, clusterConfig];
}

/** The best mechanism that the server offers, when it did not offer the one that was refused. */
function otherMechanism(session: BootstrapSession): SaslMechanism | undefined {
  const { serverMechanisms: offered, mechanism, settings } = session;
  if (settings.mechanism !== undefined || offered === '' || offered.split(' ').includes(mechanism)) return undefined;
  return chooseMechanism(offered, settings.secure);
}

function authenticationFailure(session: BootstrapSession, frame: Frame): CouchbaseError {
  const user = JSON.stringify(session.settings.credentials?.username);
  if (frame.status !== Status.AuthError) return refused('authenticate', frame);
  const { serverMechanisms: offered, mechanism } = session;
  const why =
    offered === '' || offered.split(' ').includes(mechanism)
      ? 'wrong user name or password'
      : `the server does not offer ${mechanism}, only ${offered}`;
  return new AuthError(`user ${user}: ${why}`, { status: frame.status, ...parseExtendedError(frame) });
}

function refused(step: string, frame: Frame): CouchbaseError {
  return statusError(frame.status, { operation: step, ...parseExtendedError(frame) });
}
