import type { FunctionCatalog, FunctionDefinition, FunctionName, FunctionOutcome, FunctionUse, Value } from '@cb/sqlpp';
import type { DefinitionParts } from './definition-parts.js';
import { isLibraryPath } from './libraries.js';

const CODE_LIBRARY = 10114;

/** The functions of users of the cluster, as one user may define and call them. */
export class FunctionDefinitions implements FunctionCatalog {
  readonly #parts: DefinitionParts;

  constructor(parts: DefinitionParts) {
    this.#parts = parts;
  }

  find(name: FunctionName): FunctionDefinition | undefined {
    return this.#store(name).find(name);
  }

  put(definition: FunctionDefinition): void {
    const { cluster, engine } = this.#parts;
    const { name, body } = definition;
    if (body.language === 'javascript' && body.library !== undefined && !isLibraryPath(name, body.library)) {
      const allowed = "Use a root level path, the same path as the function scope, or a local path ('./library')";
      throw new engine.StatementError(CODE_LIBRARY, `Invalid javascript library path: ${body.library}. ${allowed}`);
    }
    this.#store(name).put(definition);
    if (body.language === 'javascript') cluster.queries.javascript.want();
  }

  remove(name: FunctionName): void {
    this.#store(name).remove(name);
  }

  check(use: FunctionUse, definition: FunctionDefinition): void {
    const { name, body } = definition;
    const { bucket, scope } = name;
    const external = body.language === 'javascript' ? 'external_' : '';
    const shown = `${use} ${scope === undefined ? 'global' : 'scope'} ${external === '' ? '' : 'external '}functions`;
    const role = `query_${use}_${scope === undefined ? 'global_' : ''}${external}functions`;
    const place = bucket === undefined || scope === undefined ? undefined : { bucket, scope };
    const { rights, cluster } = this.#parts;
    rights.demandRole(role, [], shown, place);
    if (use === 'execute') cluster.queries.uses.count(definition, cluster.clock.now());
  }

  call(definition: FunctionDefinition, values: readonly Value[], limitMs: number): FunctionOutcome {
    const { cluster, engine } = this.#parts;
    return cluster.queries.javascript.call(engine, definition, values, limitMs);
  }

  /** @throws StatementError if the scope of the name is missing */
  #store({ namespace, bucket, scope }: FunctionName): FunctionCatalog {
    const { cluster, engine, places } = this.#parts;
    if (bucket === undefined || scope === undefined) return cluster.queries.globalFunctions(engine);
    const name = { namespace, bucket, scope };
    return cluster.queries.definitions(engine, places.bucket(name), places.scope(name)).functions;
  }
}
