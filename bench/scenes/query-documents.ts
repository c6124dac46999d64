/** Documents that statements are about, each with its key as `id`. */
export type QueryDocument = Readonly<
  Record<string, string | number | readonly string[] | { readonly lat: number; readonly lon: number }>
> & {
  readonly id: string;
};

/** As many as beer-sample has. */
const BREWERIES = 1412;
const BEERS = 5891;
const STYLES = 84;

const TEXT = 'A pale ale with the hops of three valleys, dry at the end, that the brewers drink themselves. '.repeat(3);

/** Numbers below 1 that are the same in each run, and look like chance. */
function noise(at: number): number {
  let bits = Math.imul(at ^ 0x9e3779b9, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 0x1_0000_0000;
}

/** Breweries and their beers, in the shape of Couchbase's beer-sample. */
export function beerDocuments(): QueryDocument[] {
  const breweries = Array.from(
    { length: BREWERIES },
    (_, at): QueryDocument => ({
      id: `brewery_${at}`,
      name: `Brewery ${at}`,
      city: `City ${at % 600}`,
      state: `State ${at % 50}`,
      country: `Country ${at % 30}`,
      phone: `1-${1000 + at}`,
      type: 'brewery',
      updated: '2010-07-22 20:00:20',
      description: TEXT,
      address: [`${at} Second Street`],
      geo: { lat: noise(at) * 90, lon: noise(at + 1) * 180 },
    }),
  );
  const beers = Array.from(
    { length: BEERS },
    (_, at): QueryDocument => ({
      id: `beer_${at}`,
      name: `Beer ${Math.floor(noise(at) * 1e9)}`,
      abv: Math.round(noise(at + 7) * 120) / 10,
      ibu: Math.round(noise(at + 3) * 100),
      srm: 0,
      upc: 0,
      type: 'beer',
      brewery_id: `brewery_${(at * 31) % BREWERIES}`,
      updated: '2010-07-22 20:00:20',
      description: TEXT,
      style: `Style ${Math.floor(noise(at + 11) * STYLES)}`,
      category: `Category ${at % 12}`,
    }),
  );
  return [...breweries, ...beers];
}

/** Places of the world, in the shape of the cities of GeoNames. */
export function cityDocuments(count: number): QueryDocument[] {
  return Array.from(
    { length: count },
    (_, at): QueryDocument => ({
      id: `city_${at}`,
      name: `City ${Math.floor(noise(at) * 1e9)}`,
      country: `C${Math.floor(noise(at + 5) * 245)}`,
      admin1: String(at % 40),
      lat: Math.round(noise(at + 2) * 1.8e7 - 9e6) / 1e5,
      lng: Math.round(noise(at + 3) * 3.6e7 - 1.8e7) / 1e5,
      population: Math.floor(noise(at + 9) * 1e6),
    }),
  );
}
