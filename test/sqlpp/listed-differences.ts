/** Statements whose answers may differ, with the reasons. */
const LISTED: readonly (readonly [statement: RegExp, reason: string])[] = [
  [/^SELECT RAW \{"a":1,"a":2\}$/, 'the engine gives both answers'],
  [/^SELECT millis_to_(?:local|utc)\(-9223372036854775808\)/, 'an overflow of the engine, one second off'],
  [
    /^SELECT RAW x FROM \[1,2\] x UNION SELECT RAW y FROM \[2,3\] y ORDER BY x$/,
    'rows without the name x have no order',
  ],
  [/^\(SELECT x FROM \[3,1\] x ORDER BY x LIMIT 1\) UNION ALL /, 'the order of the sides of a union is not defined'],
  [/^SELECT x, SUM\(x\) OVER w s FROM \[1,2\] x WINDOW w/, 'only the window has an order, not the rows'],
  [
    /^SELECT id, (?:ROW_NUMBER|FIRST_VALUE|LAST_VALUE|NTH_VALUE)\([^)]*\)(?: FROM LAST| IGNORE NULLS)? OVER \(PARTITION BY [^)]*(?<!ORDER BY [^)]*)\) AS w/,
    'rows of a window without an order come in any order',
  ],
  [/^create function default:b\.s\.f\(/, 'a store of files has no scopes'],
  [/^BUILD INDEX ON contacts\(nope\)$/, 'the cause is one of a store of files'],
];

/** Tells whether the answer to a statement may differ. */
export function isListed(statement: string): boolean {
  return LISTED.some(([pattern]) => pattern.test(statement));
}

/** Functions whose results the engine makes of a hash table: their elements have another order from call to call. */
const UNORDERED = /^SELECT (?:tokens|array_union|array_symdiff|array_symdiffn|array_intersect|object_extract)\(/;

/** Tells whether the elements of the result of a statement have no order. */
export function hasUnorderedElements(statement: string): boolean {
  return UNORDERED.test(statement);
}
