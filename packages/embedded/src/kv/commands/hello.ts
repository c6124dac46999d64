import { Feature, Opcode, Status } from '@cb/protocol';
import type { Refusal } from '../../base/refusal.js';
import type { Command } from '../command.js';
import type { Session } from '../context.js';
import type { Request } from '../request.js';
import { KEY_BYTES_MAX } from '../validate.js';

/**
 * Switches on what the client asks for and the node grants; all that it does not ask for is switched off.
 * Source: kv_engine docs/BinaryProtocol.md, "0x1f Helo".
 */
export const hello: Command = {
  opcode: Opcode.Hello,
  name: 'HELO',
  scope: 'connection',
  beforeAuth: true,
  shape: { key: 'optional', value: 'optional', check: checkHello },
  run: runHello,
};

function checkHello({ frame }: Request): Refusal | undefined {
  if (frame.keyLength > KEY_BYTES_MAX) return invalid(`Key length exceeds ${KEY_BYTES_MAX}`);
  if (frame.valueLength % 2 !== 0) return invalid('Request value must be of even length');
  return undefined;
}

function runHello(request: Request, session: Session): void {
  const { frame } = request;
  const wanted = new Set<number>();
  const { value } = frame;
  for (let at = 0; at < value.length; at += 2) wanted.add(value.readUInt16BE(at));
  const contradiction = contradictionIn(wanted);
  if (contradiction !== undefined) {
    request.replyError(Status.Invalid, contradiction);
    return;
  }
  const granted = [...wanted].filter((code) => session.node.grants(code)).sort((a, b) => a - b);
  // The answer to the request that switches tracing on or off is itself not traced.
  session.features.tracing = false;
  session.agent = frame.key.toString('utf8');
  const writer = request.begin();
  for (const code of granted) writer.u16(code);
  session.features.set(new Set(granted));
  request.end(Status.Success);
}

function contradictionIn(wanted: ReadonlySet<number>): string | undefined {
  if (wanted.has(Feature.TcpNoDelay) && wanted.has(Feature.TcpDelay)) {
    return 'TCPNODELAY cannot co-exist with TCPDELAY';
  }
  if (wanted.has(Feature.ClustermapChangeNotification) && !wanted.has(Feature.Duplex)) {
    return 'Clustermap change notification needs Duplex';
  }
  return undefined;
}

function invalid(context: string): Refusal {
  return { status: Status.Invalid, context };
}
