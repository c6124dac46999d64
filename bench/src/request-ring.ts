import type { Socket } from 'node:net';
import { Datatype, FrameWriter, Magic, Opcode, vbucketOf } from '@cb/protocol';
import { beerAt, DOCUMENTS, keyAt } from './documents.js';

const FLAGS_JSON = 0x02000000;

/** One encoded request for each document, all of one length, in one block: any run of them is one slice of it. */
export class RequestRing {
  readonly #bytes: Buffer;
  readonly #requestBytes: number;

  constructor(encode: (writer: FrameWriter, index: number) => void) {
    const writer = new FrameWriter();
    for (let index = 0; index < DOCUMENTS; index++) encode(writer, index);
    this.#bytes = writer.written;
    this.#requestBytes = writer.length / DOCUMENTS;
  }

  /** Sends `count` requests from number `first` on. */
  write(socket: Socket, first: number, count: number): void {
    const from = first % DOCUMENTS;
    const whole = Math.min(count, DOCUMENTS - from);
    socket.write(this.#bytes.subarray(from * this.#requestBytes, (from + whole) * this.#requestBytes));
    if (whole < count) this.write(socket, 0, count - whole);
  }
}

/** `vbuckets` is 0 for servers without vbuckets. */
export function encodeGet(writer: FrameWriter, index: number, vbuckets: number): void {
  writer.begin(Magic.Request, Opcode.Get);
  endWithKey(writer, index, vbuckets, undefined);
}

export function encodeUpsert(writer: FrameWriter, index: number, vbuckets: number): void {
  writer.begin(Magic.Request, Opcode.Set);
  writer.u32(FLAGS_JSON);
  writer.u32(0);
  writer.endExtras();
  endWithKey(writer, index, vbuckets, JSON.stringify(beerAt(index)));
}

function endWithKey(writer: FrameWriter, index: number, vbuckets: number, value: string | undefined): void {
  const key = keyAt(index);
  writer.latin1(key);
  writer.endKey();
  if (value !== undefined) writer.latin1(value);
  const datatype = value === undefined || vbuckets === 0 ? Datatype.Raw : Datatype.Json;
  writer.end(vbuckets === 0 ? 0 : vbucketOf(key, vbuckets), datatype, index, 0, 0);
}
