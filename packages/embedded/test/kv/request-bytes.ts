import { FrameWriter, Magic } from '@cb/protocol';

export interface RequestParts {
  readonly framing?: Buffer;
  readonly extras?: Buffer;
  readonly key?: string | Buffer;
  readonly value?: string | Buffer;
  readonly vbucket?: number;
  readonly datatype?: number;
  readonly opaque?: number;
  readonly cas?: bigint;
}

/** The bytes of one request. */
export function requestBytes(opcode: number, parts: RequestParts = {}): Buffer {
  const writer = new FrameWriter(256);
  writer.begin(Magic.Request, opcode);
  if (parts.framing) writer.raw(parts.framing);
  writer.endFraming();
  if (parts.extras) writer.raw(parts.extras);
  writer.endExtras();
  if (parts.key !== undefined) writer.raw(Buffer.from(parts.key));
  writer.endKey();
  if (parts.value !== undefined) writer.raw(Buffer.from(parts.value));
  const cas = parts.cas ?? 0n;
  writer.end(parts.vbucket ?? 0, parts.datatype ?? 0, parts.opaque ?? 0, Number(cas >> 32n), Number(cas & 0xffffffffn));
  return Buffer.from(writer.written);
}
