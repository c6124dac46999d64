import type { FunctionDefinition, FunctionOutcome, Value } from '@cb/sqlpp';
import { BlockingSandbox } from '../views/sandbox/blocking-sandbox.js';
import { InvalidFunction, SandboxError, type SandboxLimits } from '../views/sandbox/sandbox.js';
import type { Engine } from './engine.js';
import type { Libraries } from './libraries.js';

/** Runs functions of JavaScript for statements. */
export class FunctionRunner {
  readonly #sandbox: BlockingSandbox;
  readonly #libraries: Libraries;
  #loading: Promise<void> | undefined;

  constructor(limits: SandboxLimits, libraries: Libraries) {
    this.#libraries = libraries;
    this.#sandbox = new BlockingSandbox(limits);
  }

  /** Begins to load the interpreter, as there is a function that needs it. */
  want(): void {
    // Without it, each call fails and says so.
    this.#loading ??= this.#sandbox.prepare().catch(() => undefined);
  }

  /** Resolves when what is wanted has been loaded: at once if there are no functions of JavaScript. */
  async ready(): Promise<void> {
    await this.#loading;
  }

  call(engine: Engine, definition: FunctionDefinition, values: readonly Value[], limitMs: number): FunctionOutcome {
    const place = this.#codeOf(definition);
    if (typeof place === 'string') return { error: place };
    const source = sourceOf(place);
    const operands = `[${values.map((value) => engine.jsonText(value ?? null)).join()}]`;
    try {
      return { value: engine.parseJson(this.#sandbox.call(source, operands, limitMs)) };
    } catch (error) {
      if (error instanceof InvalidFunction && error.message.startsWith('Invalid function: ')) {
        return { error: absent(place.name) };
      }
      if (error instanceof SandboxError) return { error: error.message };
      throw error;
    }
  }

  /** Where the function is: its code or that of its library, and its name in it; a text if it is nowhere. */
  #codeOf({ name, body }: FunctionDefinition): CodePlace | string {
    if (body.language !== 'javascript') return 'it is not one of JavaScript';
    const { library } = body;
    const code = library === undefined ? body.code : this.#libraries.of(name, library)?.code;
    if (code === undefined) return `there is no library ${library}`;
    const called = library === undefined ? name.name : body.code;
    return IDENTIFIER.test(called) ? { code, name: called } : absent(called);
  }

  /** Terminates the thread that functions run in. */
  dispose(): void {
    this.#sandbox.dispose();
  }
}

/** Code, and the name of the function in it that is called. */
interface CodePlace {
  readonly code: string;
  readonly name: string;
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

function absent(name: string): string {
  return `there is no function ${name} in the code`;
}

/** Returns an expression of JavaScript: a function of `null` and the array of what the function is called with. */
function sourceOf({ code, name }: CodePlace): string {
  return `(() => {
${code}
const called = typeof ${name} === 'function' ? ${name} : undefined;
return called && ((unused, operands) => called(...operands));
})()`;
}
