import { Datatype, Frame, type FrameWriter, Magic, Status } from '@cb/protocol';
import type { AnswerFault } from '../faults/answer-fault.js';
import type { Bucket } from '../store/bucket.js';
import type { Vbucket } from '../store/vbucket.js';
import type { Command } from './command.js';
import type { Session } from './context.js';
import { encodeDuration } from './duration.js';
import { type ErrorBody, errorBody } from './error-body.js';
import { statusWithoutXerror } from './xerror.js';

/** What the answer to a mutation says besides that it was made. */
export interface MutationAnswer {
  /** One of those for success. */
  readonly status: number;
  readonly value: Uint8Array;
  /** Bits of `Datatype` of the value. */
  readonly datatype: number;
}

/**
 * A request as its handler sees it, and the ways to answer it. Hot file: a session has one request object and refills
 * it for every frame, so a handler must not keep it, nor any part of its frame, beyond `run`; `park` gives a copy that
 * may be kept.
 */
export class Request {
  readonly session: Session;
  frame: Frame;
  command!: Command;
  /** The document's own key, without collection prefix: one UTF-16 unit for each byte (latin1). */
  key = '';
  /** Where the document's own key starts in `frame.bytes`; it ends at `frame.valueStart`. */
  keyStart = 0;
  /** The collection's id; 0 is the default collection. */
  collection = 0;
  /** Set for the scopes `bucket` and `vbucket`. */
  bucket!: Bucket;
  /** Set for the scope `vbucket`. */
  vbucket!: Vbucket;
  /** Privileges of the user, or of the one impersonated. */
  privileges = 0;
  /** 0 none, 1 majority, 2 majority and persisted on the active, 3 persisted on a majority. */
  durabilityLevel = 0;
  /** Milliseconds; 0 when the request leaves it to the server. */
  durabilityTimeoutMs = 0;
  preserveTtl = false;
  /** It is for a replica's copy, whatever its command is usually for. The check of its shape may set this. */
  fromReplica = false;
  /** When it arrived, in milliseconds of the node's clock; only with tracing. */
  arrivedAt = 0;
  /** What is to become of the answer, when that is not the usual. */
  fault: AnswerFault | undefined = undefined;
  #parked = false;

  constructor(session: Session, frame: Frame) {
    this.session = session;
    this.frame = frame;
  }

  /** Makes this the request in `frame`, as far as it can be told before its command is known. */
  fill(frame: Frame): void {
    this.frame = frame;
    this.key = '';
    this.keyStart = frame.keyStart;
    this.collection = 0;
    this.durabilityLevel = 0;
    this.durabilityTimeoutMs = 0;
    this.preserveTtl = false;
    this.fromReplica = false;
    this.privileges = this.session.privileges;
    this.fault = undefined;
    if (this.session.features.tracing) this.arrivedAt = this.session.node.clock.now();
  }

  /** Whether the user has one of the privileges in `mask`. */
  may(mask: number): boolean {
    return (this.privileges & mask) !== 0;
  }

  /** The bits of a stored datatype that this connection may be told: without JSON agreed, it is told of none. */
  datatypeOut(datatype: number): number {
    return this.session.features.json ? datatype : datatype & ~Datatype.Json;
  }

  /** Starts a reply. What is written before `endExtras` and `endKey` are extras and key; `end` must follow. */
  begin(): FrameWriter {
    const { session } = this;
    const { writer } = this.fault ?? session;
    writer.begin(Magic.Response, this.frame.opcode);
    if (session.features.tracing) {
      writer.u8(0x02);
      writer.u16(encodeDuration(session.node.clock.now() - this.arrivedAt));
      writer.endFraming();
    }
    return writer;
  }

  /** Completes the reply that `begin` started. */
  end(status: number, datatype = 0, casHigh = 0, casLow = 0): void {
    const { session, fault } = this;
    if (session.node.trace !== undefined) session.node.trace.answered(this, status);
    (fault ?? session).writer.end(status, datatype, this.frame.opaque, casHigh, casLow);
    if (fault === undefined) session.wrote();
    else session.wroteFaulty(fault);
    if (this.#parked) {
      this.#parked = false;
      session.unpark(this);
    }
  }

  /** A reply of a status alone. */
  reply(status: number): void {
    const sent = this.session.features.xerror ? status : statusWithoutXerror(status, this.frame.opcode);
    if (sent === undefined) {
      this.session.close();
      return;
    }
    this.begin();
    this.end(sent);
  }

  /** Success with a CAS and nothing else. */
  replyCas(casHigh: number, casLow: number): void {
    this.begin();
    this.end(Status.Success, 0, casHigh, casLow);
  }

  /** Success of a mutation: the CAS, when agreed the mutation token, and what else there is to answer. */
  replyMutation(
    uuidHigh: number,
    uuidLow: number,
    seqno: number,
    casHigh: number,
    casLow: number,
    answer?: MutationAnswer,
  ): void {
    const writer = this.begin();
    if (this.session.features.mutationSeqno) {
      writer.u32(uuidHigh);
      writer.u32(uuidLow);
      writer.u32(Math.floor(seqno / 0x1_0000_0000));
      writer.u32(seqno);
      writer.endExtras();
    }
    if (answer === undefined) {
      this.end(Status.Success, 0, casHigh, casLow);
      return;
    }
    writer.raw(answer.value);
    this.end(answer.status, this.datatypeOut(answer.datatype), casHigh, casLow);
  }

  /** Success with flags as extras, and a value; `datatype` is already what the connection may be told. */
  replyValue(flags: number, value: Uint8Array, datatype: number, casHigh: number, casLow: number): void {
    const writer = this.begin();
    writer.u32(flags);
    writer.endExtras();
    writer.raw(value);
    this.end(Status.Success, datatype, casHigh, casLow);
  }

  /** A status and a text as value. */
  replyText(text: string, status: number = Status.Success): void {
    this.begin().utf8(text);
    this.end(status);
  }

  /** A failure with an extended error: a text for the reader, a log reference, or the manifest's uid. */
  replyError(status: number, body: string | ErrorBody): void {
    const { session } = this;
    const sent = session.features.xerror ? status : statusWithoutXerror(status, this.frame.opcode);
    if (sent === undefined) {
      session.close();
      return;
    }
    const writer = this.begin();
    writer.utf8(errorBody(typeof body === 'string' ? { context: body } : body));
    this.end(sent, session.features.json ? Datatype.Json : Datatype.Raw);
  }

  /**
   * Takes the request out of the session's hands, to be answered later through the returned copy. Until then nothing
   * behind it is served, save what may overtake it under unordered execution.
   */
  park(): Request {
    const { frame, session } = this;
    const copy = new Frame();
    copy.readHeader(Buffer.from(frame.bytes.subarray(frame.start, frame.end)), 0);
    const parked = new Request(session, copy);
    parked.command = this.command;
    parked.key = this.key;
    parked.keyStart = this.keyStart - frame.start;
    parked.collection = this.collection;
    parked.bucket = this.bucket;
    parked.vbucket = this.vbucket;
    parked.privileges = this.privileges;
    parked.durabilityLevel = this.durabilityLevel;
    parked.durabilityTimeoutMs = this.durabilityTimeoutMs;
    parked.preserveTtl = this.preserveTtl;
    parked.fromReplica = this.fromReplica;
    parked.arrivedAt = this.arrivedAt;
    parked.fault = this.fault;
    parked.#parked = true;
    session.parked(parked);
    return parked;
  }
}
