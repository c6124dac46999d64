import { Status } from '@cb/protocol';
import type { Command } from '../command.js';

/** Opcodes whose commands the server once had and still knows by number: the range operations and TAP. */
const RETIRED: readonly (readonly [first: number, last: number])[] = [
  [0x30, 0x3c],
  [0x40, 0x47],
];

/** Not supported, whatever they come with. */
export const retired: readonly Command[] = RETIRED.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, at) => ({
    opcode: first + at,
    name: 'RETIRED',
    scope: 'connection' as const,
    shape: { extras: 'any' as const, key: 'optional' as const, value: 'optional' as const, cas: 'optional' as const },
    run: (request: Parameters<Command['run']>[0]) => request.reply(Status.NotSupported),
  })),
);
