/** A row of the view `brewery_beers` over beers: the pair of their keys, and the beer's serial. */
export interface BeerRow {
  readonly id: string;
  readonly key: readonly [brewery: string, beer: string];
  readonly value: number;
}

/** What reading rows came to: nobody can have skipped any, or left their values alone. */
export interface RowTotals {
  readonly rows: number;
  /** Of all values. */
  readonly sum: number;
}

export const DESIGN = 'beer';
export const VIEW = 'brewery_beers';

/** So many rows are different; a longer answer has them again. */
export const ROWS = 48_000;

/** The number of rows of an answer is so many times a whole number. */
export const BLOCK_ROWS = 480;

const FIRST_SERIAL = 100_000;

const BREWERIES = ['harbour_lights_brewing', 'old_malt_house', 'three_ferries_brewing_company', 'north_pier_brewpub'];
const BEERS = ['amber_ale', 'winter_porter', 'pils', 'double_dry_hopped_pale_ale', 'oatmeal_stout'];

export function rowAt(index: number): BeerRow {
  const place = index % ROWS;
  const serial = FIRST_SERIAL + place;
  const brewery = BREWERIES[place % BREWERIES.length]!;
  const id = `${brewery}-${BEERS[place % BEERS.length]}_${serial}`;
  return { id, key: [brewery, id], value: serial };
}

/** Rows that are so many bytes of JSON, and a few more. */
export function rowsOfBytes(bytes: number): number {
  let blockBytes = 0;
  for (let index = 0; index < BLOCK_ROWS; index++) blockBytes += JSON.stringify(rowAt(index)).length;
  return Math.ceil(bytes / blockBytes) * BLOCK_ROWS;
}

/** What so many rows, from the first on, come to. */
export function totalsOf(rows: number): RowTotals {
  const whole = Math.floor(rows / ROWS);
  return { rows, sum: whole * sumOfFirst(ROWS) + sumOfFirst(rows % ROWS) };
}

/** @throws Error when something else was read. */
export function checkTotals(read: RowTotals, rows: number): void {
  const expected = totalsOf(rows);
  if (read.rows === expected.rows && read.sum === expected.sum) return;
  throw new Error(`${read.rows} rows add up to ${read.sum}; these are ${expected.rows} and ${expected.sum}`);
}

function sumOfFirst(rows: number): number {
  return rows * FIRST_SERIAL + (rows * (rows - 1)) / 2;
}
