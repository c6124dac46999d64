/** Whether everything is to be tested, however long it takes: with the variable CI set, as `.ci/run` and its services do. */
export const isThorough = (process.env['CI'] ?? '') !== '';

/** Returns how much of a long proof this run takes: `usual` for the daily `npm test`, `thorough` where all is tested. */
export function effort<T>(usual: T, thorough: T): T {
  return isThorough ? thorough : usual;
}
