import {
  Opcode,
  type PlainCredentials,
  ProtocolError,
  parsePlainMessage,
  SASL_MECHANISMS,
  ScramServer,
  Status,
} from '@cb/protocol';
import { isScramMechanism, scramCrypto } from '../../auth/scram-credentials.js';
import type { Command } from '../command.js';
import type { Session } from '../context.js';
import type { Request } from '../request.js';

/** Digits of the server's part of the SCRAM nonce. */
const NONCE_DIGITS = 16;

/** Source for all three: kv_engine docs/BinaryProtocol.md, "SASL List Mechs", "SASL Auth", "SASL Step". */
export const saslListMechs: Command = {
  opcode: Opcode.SaslListMechs,
  name: 'SASL_LIST_MECHS',
  scope: 'connection',
  beforeAuth: true,
  shape: {},
  run: (request) => request.replyText(SASL_MECHANISMS.join(' ')),
};

export const saslAuth: Command = {
  opcode: Opcode.SaslAuth,
  name: 'SASL_AUTH',
  scope: 'connection',
  beforeAuth: true,
  shape: { key: 'required', value: 'optional' },
  run: runAuth,
};

export const saslStep: Command = {
  opcode: Opcode.SaslStep,
  name: 'SASL_STEP',
  scope: 'connection',
  beforeAuth: true,
  shape: { key: 'required', value: 'optional' },
  run: runStep,
};

/** Authenticates again: the previous user is signed out, whatever the outcome. */
function runAuth(request: Request, session: Session): void {
  const { frame } = request;
  const mechanism = frame.key.toString('latin1');
  session.signIn(undefined);
  session.scram = undefined;
  if (mechanism === 'PLAIN') authenticatePlain(request, session);
  else if (isScramMechanism(mechanism)) {
    const { node } = session;
    // A node without users goes through it all, as it does for one that it does not know.
    const hasUsers = node.startup?.hasUsers !== false;
    const server = new ScramServer({
      crypto: scramCrypto(mechanism),
      nonce: node.random.hex(NONCE_DIGITS),
      credentialOf: (name) => node.users.credential(mechanism, hasUsers ? name : ''),
      // As a 7.2 server: the proof is checked over whatever nonce the client repeats.
      checksNonce: false,
    });
    challenge(request, session, server);
  } else {
    request.replyError(Status.AuthError, `Requested mechanism "${mechanism}" is not supported`);
  }
}

function authenticatePlain(request: Request, session: Session): void {
  let given: PlainCredentials;
  try {
    given = parsePlainMessage(request.frame.value);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    request.reply(Status.Invalid);
    return;
  }
  const { users, startup } = session.node;
  const user = startup?.hasUsers === false ? undefined : users.authenticate(given.username, given.password);
  if (user === undefined) {
    refuse(request, Status.AuthError);
    return;
  }
  session.signIn(user);
  request.reply(Status.Success);
}

function challenge(request: Request, session: Session, server: ScramServer): void {
  const message = attempt(() => server.first(request.frame.value.toString('utf8')));
  if (message === MALFORMED) {
    refuse(request, Status.Invalid);
    return;
  }
  session.scram = server;
  request.replyText(message ?? '', Status.AuthContinue);
}

function runStep(request: Request, session: Session): void {
  const { scram } = session;
  session.scram = undefined;
  if (scram === undefined) {
    const context = 'Logic error: The server expects the client to start with SASL START before sending SASL STEP';
    request.replyError(Status.Invalid, context);
    return;
  }
  const message = attempt(() => scram.final(request.frame.value.toString('utf8')));
  const user = message === MALFORMED || message === undefined ? undefined : session.node.users.get(scram.username!);
  if (message === MALFORMED) refuse(request, Status.Invalid);
  else if (message === undefined || user === undefined) refuse(request, Status.AuthError);
  else {
    session.signIn(user);
    request.replyText(message);
  }
}

const MALFORMED = Symbol('malformed');

function attempt(step: () => string | undefined): string | undefined | typeof MALFORMED {
  try {
    return step();
  } catch (error) {
    if (error instanceof ProtocolError) return MALFORMED;
    throw error;
  }
}

/** A failure of which the client only gets the reference in the server's log. */
function refuse(request: Request, status: number): void {
  request.replyError(status, { ref: request.session.node.random.uuid() });
}
