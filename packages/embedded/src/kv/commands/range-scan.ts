import { Datatype, Feature, FrameWriter, Opcode, Status, writeLeb128 } from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import { Privilege } from '../../auth/privilege.js';
import type { Document } from '../../store/document.js';
import type { RangeScan } from '../../store/range-scan.js';
import type { Command } from '../command.js';
import { replyUnknownCollection } from '../location-reply.js';
import { bodyOf } from '../reply-document.js';
import type { Request } from '../request.js';
import { parseScanRequest, type ScanRequest, type SnapshotSpec } from '../scan-request.js';

const ID_BYTES = 16;
/** A packet is sent when it has this many bytes of value. Source: ep-engine's `range_scan_read_buffer_send_size`. */
const PACKET_BYTES = 8192;
/** The format of a packet's value, from its extras. */
const Content = { Keys: 0, Documents: 1 } as const;

/** Source for all: kv_engine docs/range_scans. */
export const rangeScanCreate: Command = {
  opcode: Opcode.RangeScanCreate,
  name: 'RANGE_SCAN_CREATE',
  scope: 'vbucket',
  feature: Feature.RangeScanIncludeXattr,
  shape: {
    value: 'required',
    datatypes: Datatype.Json,
    check: ({ frame }) =>
      frame.datatype === Datatype.Json ? undefined : { status: Status.Invalid, context: 'Datatype must be JSON' },
  },
  privileges: [Privilege.RangeScan],
  run: runCreate,
};

function runCreate(request: Request): void {
  const parsed = parseScanRequest(request.frame.value.toString('utf8'));
  if (typeof parsed === 'string') {
    request.replyError(Status.Invalid, parsed);
  } else if (!request.bucket.hasCollection(parsed.spec.collection)) {
    replyUnknownCollection(request, Status.UnknownCollection);
  } else if (parsed.snapshot === undefined) {
    open(request, parsed);
  } else {
    openWhenReady(request, parsed, parsed.snapshot);
  }
}

function openWhenReady(request: Request, parsed: ScanRequest, { uuid, seqno, timeoutMs }: SnapshotSpec): void {
  const { vbucket, bucket } = request;
  const { uuidHigh, uuidLow } = vbucket.failoverLog.latest;
  if (uuid !== (BigInt(uuidHigh) << 32n) + BigInt(uuidLow)) {
    request.reply(Status.VbUuidNotEqual);
  } else if (seqno <= vbucket.persistence.seqno) {
    open(request, parsed);
  } else if (timeoutMs === 0) {
    request.reply(Status.TemporaryFailure);
  } else {
    const parked = request.park();
    const cancelTimer = bucket.clock.after(timeoutMs, () => {
      giveUp();
      parked.reply(Status.TemporaryFailure);
    });
    const giveUp = vbucket.persistence.when(seqno, () => {
      cancelTimer();
      open(parked, parsed);
    });
  }
}

function open(request: Request, { spec, snapshot }: ScanRequest): void {
  const { vbucket } = request;
  const stored = [...vbucket.documents(spec.collection)];
  if (snapshot?.seqnoExists && !stored.some(({ seqno }) => seqno === snapshot.seqno)) {
    request.reply(Status.NotStored);
    return;
  }
  const live = stored.filter((document) => !document.deleted && !vbucket.isExpired(document));
  const id = vbucket.rangeScans.open(spec, live);
  if (id === undefined) {
    request.reply(Status.KeyNotFound);
    return;
  }
  request.begin().raw(id);
  request.end(Status.Success);
}

export const rangeScanContinue: Command = {
  opcode: Opcode.RangeScanContinue,
  name: 'RANGE_SCAN_CONTINUE',
  scope: 'vbucket',
  feature: Feature.RangeScanIncludeXattr,
  shape: { extras: 28 },
  privileges: [Privilege.RangeScan],
  run: runContinue,
};

/** The limit of time is ignored: showing what is there takes none. */
function runContinue(request: Request): void {
  const { bytes, extrasStart } = request.frame;
  const id = scanId(request);
  const itemsMax = u32(bytes, extrasStart + ID_BYTES) || Number.POSITIVE_INFINITY;
  const bytesMax = u32(bytes, extrasStart + ID_BYTES + 8) || Number.POSITIVE_INFINITY;
  const { rangeScans } = request.vbucket;
  const scan = rangeScans.get(id);
  if (scan === undefined) {
    request.reply(Status.KeyNotFound);
  } else if (!request.bucket.hasCollection(scan.spec.collection)) {
    rangeScans.close(id);
    replyUnknownCollection(request, Status.UnknownCollection);
  } else {
    sendPart(request, scan, itemsMax, bytesMax);
    if (scan.isDone) rangeScans.close(id);
  }
}

function sendPart(request: Request, scan: RangeScan, itemsMax: number, bytesMax: number): void {
  const value = new FrameWriter(2 * PACKET_BYTES);
  let items = 0;
  let sent = 0;
  while (!scan.isDone && items < itemsMax && sent + value.length < bytesMax) {
    if (value.length >= PACKET_BYTES) {
      sent += value.length;
      sendPacket(request, scan, value, Status.Success);
    }
    write(value, request, scan, scan.take());
    items++;
  }
  sendPacket(request, scan, value, scan.isDone ? Status.RangeScanComplete : Status.RangeScanMore);
}

function sendPacket(request: Request, { spec }: RangeScan, value: FrameWriter, status: number): void {
  const writer = request.begin();
  writer.u32(spec.keyOnly ? Content.Keys : Content.Documents);
  writer.endExtras();
  writer.raw(value.written);
  request.end(status);
  value.reset();
}

function write(value: FrameWriter, request: Request, { spec }: RangeScan, document: Document): void {
  if (spec.keyOnly) {
    writeCounted(value, Buffer.from(document.key, 'latin1'));
    return;
  }
  const inflates = document.isCompressed && !request.session.features.snappy;
  const xattrs = spec.includeXattrs ? document.xattrs : undefined;
  const hidden = (inflates ? Datatype.Snappy : 0) | (xattrs === undefined ? Datatype.Xattr : 0);
  const body = inflates ? bodyOf(document) : document.value;
  value.u32(document.flags);
  value.u32(document.expiry);
  value.u64(BigInt(document.seqno));
  value.u64(document.cas);
  value.u8(document.datatype & ~hidden);
  writeCounted(value, Buffer.from(document.key, 'latin1'));
  writeCounted(value, xattrs === undefined ? body : Buffer.concat([xattrs, body]));
}

function writeCounted(value: FrameWriter, bytes: Buffer): void {
  writeLeb128(value, bytes.length);
  value.raw(bytes);
}

export const rangeScanCancel: Command = {
  opcode: Opcode.RangeScanCancel,
  name: 'RANGE_SCAN_CANCEL',
  scope: 'vbucket',
  feature: Feature.RangeScanIncludeXattr,
  shape: { extras: ID_BYTES },
  privileges: [Privilege.RangeScan],
  run: (request) => {
    const closed = request.vbucket.rangeScans.close(scanId(request));
    request.reply(closed ? Status.Success : Status.KeyNotFound);
  },
};

/** The id is kept as long as the request's frame is. */
function scanId({ frame: { bytes, extrasStart } }: Request): Buffer {
  return bytes.subarray(extrasStart, extrasStart + ID_BYTES);
}
