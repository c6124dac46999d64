import { type IOEvent, type IOSocket, NodeIOPS, type SocketTarget } from '@cb/raw';

/** The I/O of Node, and a list of how many bytes each write to a socket had, by the address it goes to. */
export class RecordingIOPS extends NodeIOPS {
  readonly writes = new Map<string, number[]>();

  override openSocket(event: IOEvent, target: SocketTarget): IOSocket {
    const socket = super.openSocket(event, target);
    const address = `${target.host}:${target.port}`;
    const send = socket.send.bind(socket);
    socket.send = (bytes) => {
      this.writes.set(address, [...(this.writes.get(address) ?? []), bytes.length]);
      return send(bytes);
    };
    return socket;
  }

  /** How many writes went to each node since the last time. */
  takeCounts(): Record<string, number> {
    const counts = Object.fromEntries([...this.writes].map(([address, sizes]) => [address, sizes.length]));
    this.writes.clear();
    return counts;
  }
}
