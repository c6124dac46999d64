import { type Interpreter, readInterpreter } from './interpreter.js';

/**
 * The interpreter. Only sources run this module: it reads the interpreter's package. The build replaces it by one that
 * contains the interpreter, so that neither the built package nor an application's bundle needs a file at run time.
 */
export const quickjs: Interpreter = readInterpreter(require.resolve);
