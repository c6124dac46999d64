import type { Socket } from 'node:net';
import {
  ClusterMap,
  Feature,
  FrameParser,
  FrameWriter,
  Magic,
  Opcode,
  opcodeName,
  plainMessage,
  Status,
} from '@cb/protocol';
import type { ServerAddress } from './contender.js';

/** What makes the server's work the same as for @cb/raw. */
const FEATURES = [Feature.MutationSeqno, Feature.Xerror, Feature.Json];

/**
 * Signs in and selects the bucket, in one flight. Returns what is to be called with received bytes; `done` is then
 * called with the number of vbuckets.
 */
export function signIn(
  server: ServerAddress,
  socket: Socket,
  done: (vbuckets: number) => void,
  failed: (error: Error) => void,
): (bytes: Buffer) => void {
  const parser = new FrameParser(
    (frame) => {
      const { opcode, status } = frame;
      if (status !== Status.Success) failed(new Error(`${opcodeName(opcode)} was answered with status ${status}`));
      else if (opcode === Opcode.GetClusterConfig) done(ClusterMap.parse(frame.value, server.host).vbuckets);
    },
    { reads: 'responses' },
  );
  socket.write(firstFlight(server));
  return (bytes) => parser.push(bytes);
}

function firstFlight({ username, password, bucket }: ServerAddress): Buffer {
  const writer = new FrameWriter();
  request(writer, Opcode.Hello, 'bench', () => {
    for (const feature of FEATURES) writer.u16(feature);
  });
  request(writer, Opcode.SaslAuth, 'PLAIN', () => writer.utf8(plainMessage({ username, password })));
  request(writer, Opcode.SelectBucket, bucket, () => {});
  request(writer, Opcode.GetClusterConfig, '', () => {});
  return writer.written;
}

function request(writer: FrameWriter, opcode: number, key: string, writeValue: () => void): void {
  writer.begin(Magic.Request, opcode);
  writer.utf8(key);
  writer.endKey();
  writeValue();
  writer.end(0, 0, 0, 0, 0);
}
