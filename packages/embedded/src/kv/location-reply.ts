import { Datatype, Status } from '@cb/protocol';
import { isNewer } from '../store/config-text.js';
import type { Request } from './request.js';

/** The answer to an id or a path that the manifest does not have: 0x88 or 0x8c, with the manifest's uid. */
export function replyUnknownCollection(request: Request, status: number): void {
  request.replyError(status, {
    context: 'Unknown scope or collection in operation',
    manifestUid: request.bucket.manifestUid,
  });
}

/**
 * The answer to a request for a vbucket that lives elsewhere: the map that says where. Where the node is told to, and the
 * client agreed, a map that it was given before is left out.
 */
export function replyNotMyVbucket(request: Request): void {
  const { bucket, session } = request;
  const { node } = session;
  const config = node.configOf(bucket.name);
  const skips = node.dedupesMaps && session.features.dedupeNotMyVbucket;
  const isLeftOut = node.faults?.tells('not-my-vbucket') === false;
  if (config === undefined || isLeftOut || (skips && !isNewer(config, session.knownConfig))) {
    request.reply(Status.NotMyVbucket);
    return;
  }
  session.knownConfig = config;
  request.begin().raw(config.json);
  request.end(Status.NotMyVbucket, Datatype.Json);
}
