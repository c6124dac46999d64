import { Opcode, Status } from '@cb/protocol';
import { statusWithoutXerror } from '../../src/kv/xerror.js';

// Source: recorded from a 7.2.4 server on connections without XERROR.
test.each([
  [Status.Locked, Opcode.GetLocked, Status.TemporaryFailure],
  [Status.Locked, Opcode.UnlockKey, Status.TemporaryFailure],
  [Status.Locked, Opcode.Set, Status.KeyExists],
  [Status.NoBucket, Opcode.Get, undefined],
  [Status.Access, Opcode.Get, undefined],
  [Status.KeyNotFound, Opcode.Get, Status.KeyNotFound],
])('status %i of opcode %i becomes %p', (status, opcode, told) => {
  expect(statusWithoutXerror(status, opcode)).toBe(told);
});
