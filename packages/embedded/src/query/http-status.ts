const STATUSES: ReadonlyMap<number, number> = new Map([
  [1000, 403],
  [1010, 405],
  [1120, 406],
  [1191, 429],
  [1192, 429],
  [1193, 413],
  [1194, 413],
  [1199, 429],
  [1201, 429],
  [2120, 401],
  [3000, 400],
  [4000, 404],
  [4040, 404],
  [4300, 409],
  [5370, 422],
  [10000, 401],
  [12002, 424],
  [12003, 424],
  [12020, 424],
  [13014, 401],
]);

/** Returns the HTTP status of an answer whose first error has this code, if no output has begun. */
export function httpStatusOf(code: number): number {
  if (code >= 1020 && code <= 1070) return 400;
  if (code >= 1180 && code <= 1182) return 503;
  return STATUSES.get(code) ?? 500;
}
