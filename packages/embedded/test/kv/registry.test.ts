import { COMMANDS } from '../../src/kv/registry.js';

test('every command stands under its own opcode, and no two under one', () => {
  const served = COMMANDS.filter((command) => command !== undefined);
  for (const command of served) expect(COMMANDS[command.opcode]).toBe(command);
  expect(new Set(served.map(({ opcode }) => opcode)).size).toBe(served.length);
});
