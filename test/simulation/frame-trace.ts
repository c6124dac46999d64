import { type Frame, FrameParser, Magic, opcodeName, ServerOpcode, statusName } from '@cb/protocol';
import type { SimulatedNetwork } from '@cb/raw/simulation';

/** Tells the trace of the frames of one connection, as its server sees them. */
export class FrameTrace {
  readonly #requests: FrameParser;
  readonly #answers: FrameParser;

  constructor(network: SimulatedNetwork, client: string, node: string) {
    const tell = (line: string): void => network.trace(line);
    this.#requests = new FrameParser((frame) => tell(`  ${client} -> ${node}  ${describeRequest(frame)}`), {
      reads: 'requests',
    });
    this.#answers = new FrameParser((frame) => tell(`  ${client} <- ${node}  ${describeAnswer(frame)}`), {
      reads: 'responses',
    });
  }

  /** Bytes that the server received. */
  requests(bytes: Buffer): void {
    this.#requests.push(bytes);
  }

  /** Bytes that the server sends. */
  answers(bytes: Buffer): void {
    this.#answers.push(bytes);
  }
}

function describeRequest(frame: Frame): string {
  const cas = frame.cas === 0n ? '' : ` cas=${frame.cas}`;
  return `#${frame.opaque} ${opcodeName(frame.opcode)} vb=${frame.vbucket}${keyOf(frame)}${cas}${sizeOf(frame)}`;
}

function describeAnswer(frame: Frame): string {
  if (frame.magic === Magic.ServerRequest) {
    const isConfig = frame.opcode === ServerOpcode.ClustermapChangeNotification;
    return `pushes ${isConfig ? 'a configuration' : `opcode ${frame.opcode}`}${sizeOf(frame)}`;
  }
  const cas = frame.cas === 0n ? '' : ` cas=${frame.cas}`;
  return `#${frame.opaque} ${opcodeName(frame.opcode)} ${statusName(frame.status)}${cas}${sizeOf(frame)}`;
}

/** Keys are text, behind the id of the collection. */
function keyOf(frame: Frame): string {
  if (frame.keyLength === 0) return '';
  return ` ${JSON.stringify(frame.key.toString('utf8').replace(/^\0/, ''))}`;
}

function sizeOf(frame: Frame): string {
  return frame.valueLength === 0 ? '' : ` (${frame.valueLength} bytes)`;
}
