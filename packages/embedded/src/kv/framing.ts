import { type Frame, Status } from '@cb/protocol';
import { Privilege, SCOPED } from '../auth/privilege.js';
import type { Refusal } from '../base/refusal.js';
import { Framing } from './command.js';
import type { Request } from './request.js';

/** Ids of the framing extras of requests. Source: kv_engine docs/BinaryProtocol.md, "Request frame info". */
const FrameId = {
  Barrier: 0,
  Durability: 1,
  DcpStreamId: 2,
  OpenTracing: 3,
  Impersonate: 4,
  PreserveTtl: 5,
  ExtraPrivilege: 6,
} as const;

const TIMEOUT_INFINITE = 0xffff;

const BROKEN: Refusal = { status: Status.Invalid, context: 'Invalid encoding in FrameExtras' };
const UNKNOWN: Refusal = { status: Status.UnknownFrameInfo };

/** Whether the request says that nothing may overtake it, nor it anything. Malformed framing extras say nothing. */
export function hasBarrier({ framing }: Frame): boolean {
  let at = 0;
  while (at < framing.length) {
    const head = framing[at++]!;
    if (head >>> 4 === FrameId.Barrier) return true;
    // An id or a length of 15 goes on in a byte of its own; those come from ids that no request has.
    if (head >>> 4 === 15) at++;
    at += (head & 0x0f) === 15 ? 15 + (framing[at++] ?? 0) : head & 0x0f;
  }
  return false;
}

/** Reads the framing extras into the request; returns why they are refused. */
export function parseFraming(request: Request): Refusal | undefined {
  const { framing } = request.frame;
  let at = 0;
  while (at < framing.length) {
    const head = framing[at++]!;
    let id = head >>> 4;
    let length = head & 0x0f;
    if (id === 15) {
      if (at >= framing.length) return BROKEN;
      id = 15 + framing[at++]!;
    }
    if (length === 15) {
      if (at >= framing.length) return BROKEN;
      length = 15 + framing[at++]!;
    }
    if (at + length > framing.length) return BROKEN;
    const refusal = takeFrame(request, id, framing.subarray(at, at + length));
    if (refusal !== undefined) return refusal;
    at += length;
  }
  return undefined;
}

function takeFrame(request: Request, id: number, payload: Buffer): Refusal | undefined {
  switch (id) {
    case FrameId.Barrier:
      return payload.length === 0 ? undefined : invalid('Barrier', payload);
    case FrameId.Durability:
      return takeDurability(request, payload);
    case FrameId.Impersonate:
      return takeImpersonation(request, payload);
    case FrameId.PreserveTtl:
      return takePreserveTtl(request, payload);
    case FrameId.DcpStreamId:
      return payload.length === 2 ? undefined : invalid('DcpStreamId', payload);
    case FrameId.OpenTracing:
    case FrameId.ExtraPrivilege:
      return undefined;
    default:
      return UNKNOWN;
  }
}

function invalid(name: string, payload: Buffer): Refusal {
  return { status: Status.Invalid, context: `${name} invalid size:${payload.length}` };
}

function takeDurability(request: Request, payload: Buffer): Refusal | undefined {
  if (!((request.command.shape.framing ?? 0) & Framing.Durability)) {
    return { status: Status.Invalid, context: 'The requested command does not support durability requirements' };
  }
  if (payload.length !== 1 && payload.length !== 3) return invalid('DurabilityRequirement', payload);
  const level = payload[0]!;
  if (payload.length === 3) {
    const timeout = payload.readUInt16BE(1);
    if (timeout === 0) return badDurability('Timeout(): Cannot specify bucket default timeout');
    if (timeout === TIMEOUT_INFINITE) return badDurability('Timeout(): Cannot specify an infinite timeout');
    request.durabilityTimeoutMs = timeout;
  }
  if (level < 1 || level > 3) return badDurability('Content represents an invalid requirement specification');
  request.durabilityLevel = level;
  return undefined;
}

function badDurability(context: string): Refusal {
  return { status: Status.DurabilityInvalidLevel, context };
}

function takePreserveTtl(request: Request, payload: Buffer): Refusal | undefined {
  if (payload.length !== 0) return invalid('PreserveTtl', payload);
  if (!((request.command.shape.framing ?? 0) & Framing.PreserveTtl)) {
    return { status: Status.NotSupported, context: 'This command does not support PreserveTtl' };
  }
  request.preserveTtl = true;
  return undefined;
}

/** From here on the request has the privileges of the user it names. */
function takeImpersonation(request: Request, payload: Buffer): Refusal | undefined {
  const { session } = request;
  if (!(session.privileges & Privilege.Impersonate)) return { status: Status.Access };
  const name = payload.toString('utf8');
  const user = session.node.users.get(name);
  if (user === undefined) {
    return { status: Status.Access, context: `User "${name}" is not a Couchbase user` };
  }
  // Roles for single scopes are looked up for the session's own user only.
  request.privileges = user.privileges(session.bucket?.name) & ~SCOPED;
  return undefined;
}
