import { type Frame, splitCollectionKey } from '@cb/protocol';
import type { Session } from './context.js';
import { COMMANDS } from './registry.js';

/**
 * The key of a request that was not checked yet, without the collection before it; one that begins with no collection is
 * taken as it is.
 */
export function documentKey(frame: Frame, session: Session): string {
  const hasCollection = session.features.collections && COMMANDS[frame.opcode]?.scope === 'vbucket';
  if (!hasCollection || frame.keyLength === 0) return frame.key.toString('utf8');
  try {
    return splitCollectionKey(frame.key).key.toString('utf8');
  } catch {
    return frame.key.toString('utf8');
  }
}
