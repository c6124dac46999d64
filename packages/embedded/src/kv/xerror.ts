import { Opcode, Status } from '@cb/protocol';

/**
 * The status for a connection that did not negotiate XERROR, which knows none of the later statuses. `undefined`: there
 * is none, and the server hangs up instead.
 */
export function statusWithoutXerror(status: number, opcode: number): number | undefined {
  switch (status) {
    case Status.Locked:
      return opcode === Opcode.GetLocked || opcode === Opcode.UnlockKey ? Status.TemporaryFailure : Status.KeyExists;
    case Status.NotLocked:
      return Status.TemporaryFailure;
    case Status.NoBucket:
    case Status.Access:
    case Status.AuthStale:
      return undefined;
    default:
      return status;
  }
}
