import { Status } from '@cb/protocol';
import type { Request } from '../request.js';
import type { Stat, StatGroup } from './stat-group.js';

/** `key <key> <vbucket>`: where one document stands. */
export const keyStats: StatGroup = (request, args) => statsOf(request, args, []);

/** `vkey <key> <vbucket>`: the same, compared with the disk. */
export const validatedKeyStats: StatGroup = (request, args) => statsOf(request, args, [['key_valid', 'valid']]);

function statsOf({ bucket }: Request, args: readonly string[], more: readonly Stat[]): Iterable<Stat> | number {
  const [key, id] = [args.slice(0, -1).join(' '), args.at(-1)];
  if (id === undefined || key === '' || !/^\d{1,5}$/.test(id)) return Status.Invalid;
  const vbucket = bucket.vbuckets[Number(id)];
  if (vbucket === undefined) return Status.NotMyVbucket;
  const document = vbucket.read(0, key);
  if (document === undefined) return Status.KeyNotFound;
  return [
    ['key_is_dirty', document.seqno > vbucket.persistence.seqno],
    ['key_exptime', document.expiry],
    ['key_flags', document.flags],
    ['key_cas', document.cas.toString()],
    ['key_vb_state', vbucket.state],
    ['key_is_resident', true],
    ...more,
  ];
}
