export { main } from './main.js';
export { runProgram } from './program.js';
export { ExitCode } from './terminal/exit-code.js';
export type { Terminal } from './terminal/terminal.js';
export { VERSION } from './terminal/version.js';
