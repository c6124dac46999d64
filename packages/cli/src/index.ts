export { ExitCode } from './exit-code.js';
export { main } from './main.js';
export { runProgram } from './program.js';
export type { Terminal } from './terminal.js';
export { VERSION } from './version.js';
