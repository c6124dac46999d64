import { booleanOption, checkFields, finiteMsOption } from '../base/check-options.js';

/** Options of the query service. */
export interface QueryServiceOptions {
  /**
   * Refuses statements that no index serves, with error 4120, as servers before 7.6 do, instead of reading the whole
   * collection. Default false.
   */
  readonly indexRequired?: boolean | undefined;
  /**
   * Milliseconds until a mutation is in the indexes. Requests with the consistency `request_plus` or `at_plus` wait for
   * that, others see the index as it is. Default 0: at once.
   */
  readonly indexLagMs?: number | undefined;
}

/** The options with their defaults. */
export interface QuerySettings {
  readonly indexRequired: boolean;
  readonly indexLagMs: number;
}

/** @throws ArgumentError for an unknown option, a wrong type or a value out of range. */
export function querySettings(options: QueryServiceOptions): QuerySettings {
  checkFields(options, ['indexRequired', 'indexLagMs'], 'queries');
  return {
    indexRequired: booleanOption(options.indexRequired, 'queries.indexRequired', false),
    indexLagMs: finiteMsOption(options.indexLagMs, 'queries.indexLagMs', 0),
  };
}
