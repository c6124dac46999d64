import {
  Datatype,
  Feature,
  type FrameWriter,
  Magic,
  writeDurability,
  writeLeb128,
  writePreserveTtl,
} from '@cb/protocol';
import { DURABILITY_TIMEOUT_MS_MAX } from '@cb/protocol/internal';
import type { Operation } from '../operation/operation.js';
import { type CompressionSettings, compressWritten } from '../values/compression.js';

/** The server is given less time than the caller, so that its own account of a timeout still arrives. */
const DURABILITY_TIMEOUT_SHARE = 0.9;

/** Writes the requests of one connection, by what it agreed on. Hot file: plain fields, nothing is looked up per request. */
export class RequestWriter {
  readonly #features: ReadonlySet<number>;
  readonly #collections: boolean;
  readonly #json: boolean;
  /** Undefined when values go out as they are. */
  readonly #compression: CompressionSettings | undefined;

  constructor(features: ReadonlySet<number>, compression: CompressionSettings | undefined) {
    this.#features = features;
    this.#collections = features.has(Feature.Collections);
    this.#json = features.has(Feature.Json);
    this.#compression = features.has(Feature.Snappy) ? compression : undefined;
  }

  /** Writes the operation's request behind what is in the block. */
  write(operation: Operation, block: FrameWriter): void {
    const { spec, payload } = operation;
    block.begin(Magic.Request, operation.opcode);
    if (operation.durabilityLevel !== 0 || operation.preserveExpiry) writeFramingExtras(operation, block);
    if (spec.extras !== undefined) {
      spec.extras(operation, block, this.#features);
      block.endExtras();
    }
    if (spec.key !== undefined) {
      spec.key(operation, block);
      block.endKey();
    } else if (spec.route === 'key' && spec.keyInValue !== true) {
      this.#writeKey(operation, block);
    }
    let datatype = this.#json ? operation.datatype : Datatype.Raw;
    if (spec.value !== undefined) spec.value(operation, block, this.#collections);
    else if (payload !== undefined) {
      const start = block.length;
      if (typeof payload === 'string') block.utf8(payload);
      else block.raw(payload);
      if (this.#compression !== undefined && spec.compresses === true) {
        if (compressWritten(block, start, this.#compression)) datatype |= Datatype.Snappy;
      }
    }
    block.end(operation.vbucket, datatype, operation.opaque, operation.casHigh, operation.casLow);
  }

  #writeKey({ key, collectionId }: Operation, block: FrameWriter): void {
    if (this.#collections) {
      if (collectionId === 0) block.u8(0);
      else writeLeb128(block, collectionId);
    }
    block.utf8(key);
    block.endKey();
  }
}

function writeFramingExtras(operation: Operation, block: FrameWriter): void {
  if (operation.durabilityLevel !== 0) {
    const timeoutMs = Math.floor(operation.timeoutMs * DURABILITY_TIMEOUT_SHARE);
    writeDurability(block, operation.durabilityLevel, Math.min(Math.max(timeoutMs, 1), DURABILITY_TIMEOUT_MS_MAX));
  }
  if (operation.preserveExpiry) writePreserveTtl(block);
  block.endFraming();
}
