import { Status } from '@cb/protocol';
import type { Residency } from '../store/residency.js';
import type { Command } from './command.js';
import type { Request } from './request.js';

/** Whether the request cannot be served as things are: memory is short, which it is told, or it waits for the disk. */
export function isHeldUp(request: Request, command: Command, residency: Residency): boolean {
  if (command.takesMemory !== true || !residency.isFull) return waitsForDisk(request, command, residency);
  residency.refusals++;
  request.reply(Status.TemporaryFailure);
  return true;
}

/**
 * Parks the request when its command needs a value that is on disk only; it is served from the start when the value is in
 * memory. False when there is nothing to wait for.
 */
function waitsForDisk(request: Request, command: Command, residency: Residency): boolean {
  if (command.readsValue === undefined) return false;
  const { vbucket, collection, key } = request;
  const document = vbucket.stored(collection, key);
  if (document === undefined || document.deleted || vbucket.isExpired(document)) return false;
  if (command.readsValue === 'of-xattrs' && document.xattrs === undefined) return false;
  if (!residency.isOnDisk(document)) return false;
  const parked = request.park();
  residency.read(document, () => parked.session.retry(parked));
  return true;
}
