import type { FunctionDefinition, FunctionOutcome, Value } from '@cb/sqlpp';
import { BlockingSandbox } from '../views/sandbox/blocking-sandbox.js';
import { InvalidFunction, SandboxError, type SandboxLimits } from '../views/sandbox/sandbox.js';
import type { Engine } from './engine.js';

/** Runs functions of JavaScript for statements. */
export class FunctionRunner {
  readonly #sandbox: BlockingSandbox;
  #loading: Promise<void> | undefined;

  constructor(limits: SandboxLimits) {
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
    const source = sourceOf(definition);
    if (source === undefined) return { error: `there is no function ${definition.name.name} in the code` };
    const operands = `[${values.map((value) => engine.jsonText(value ?? null)).join()}]`;
    try {
      return { value: engine.parseJson(this.#sandbox.call(source, operands, limitMs)) };
    } catch (error) {
      if (error instanceof InvalidFunction && error.message.startsWith('Invalid function: ')) {
        return { error: `there is no function ${definition.name.name} in the code` };
      }
      if (error instanceof SandboxError) return { error: error.message };
      throw error;
    }
  }

  /** Terminates the thread that functions run in. */
  dispose(): void {
    this.#sandbox.dispose();
  }
}

/** Returns an expression of JavaScript: a function of `null` and the array of what the function is called with. */
function sourceOf({ name: { name }, body }: FunctionDefinition): string | undefined {
  if (body.language !== 'javascript' || !/^[A-Za-z_$][\w$]*$/.test(name)) return undefined;
  return `(() => {
${body.code}
const called = typeof ${name} === 'function' ? ${name} : undefined;
return called && ((unused, operands) => called(...operands));
})()`;
}
