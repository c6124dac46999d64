/** How many documents there are; every workload goes through them in order, again and again. */
export const DOCUMENTS = 1000;

/** The length of each document as JSON: all of it is ASCII. */
export const DOCUMENT_BYTES = 1024;

/**
 * One beer, in the shape of the documents of Couchbase's beer-sample: eleven fields, most of the bytes in a description.
 */
export interface Beer {
  readonly type: 'beer';
  /** Six digits; every read adds it up, so that no reader can leave the value alone. */
  readonly serial: number;
  readonly name: string;
  readonly brewery_id: string;
  readonly abv: number;
  readonly ibu: number;
  readonly srm: number;
  readonly style: string;
  readonly category: string;
  readonly updated: string;
  readonly description: string;
}

const FIRST_SERIAL = 100_000;

const TEXT =
  'Brewed every autumn since the old malt house opened its doors again, this amber ale keeps the toffee and biscuit of ' +
  'its malts in front and lets two late additions of whole hops answer them with orange peel, pine and a little pepper. ' +
  'The yeast is the one that the founders brought along in a milk churn; it works slowly, throws a firm head and leaves ' +
  'the beer drier than its colour promises. Drink it at cellar temperature, from a plain glass, with roast squash, aged ' +
  'cheese or smoked fish. Bottles carry the date of filling by hand; casks go to four pubs within walking distance and ' +
  'are gone by the weekend. Judges have called it old-fashioned, which the brewers have printed on the label ever since, ' +
  'right under the name of the ship that gave the brewery its lamp.';

/** All keys are equally long. */
const KEYS: readonly string[] = Array.from({ length: DOCUMENTS }, (_none, index) => `beer:${FIRST_SERIAL + index}`);

const BEERS: readonly Beer[] = Array.from({ length: DOCUMENTS }, (_none, index) => brew(index));

/** The key of the document that the operation with this index is about. */
export function keyAt(index: number): string {
  return KEYS[index % DOCUMENTS]!;
}

/** Lists of keys that were asked for before, by where they begin and how long they are. */
const KEY_LISTS = new Map<string, readonly string[]>();

/** The keys of `count` operations from this index on; made once, as an application has its keys from elsewhere. */
export function keysAt(first: number, count: number): readonly string[] {
  const id = `${first % DOCUMENTS}+${count}`;
  const known = KEY_LISTS.get(id);
  if (known !== undefined) return known;
  const keys = Array.from({ length: count }, (_none, index) => keyAt(first + index));
  KEY_LISTS.set(id, keys);
  return keys;
}

/** The document that the operation with this index is about. */
export function beerAt(index: number): Beer {
  return BEERS[index % DOCUMENTS]!;
}

/** Where the digits of the serial are in the JSON of every document. */
const SERIAL_AT = '{"type":"beer","serial":'.length;
const SERIAL_DIGITS = 6;

/** The serial in the JSON of a document, read without parsing the rest. */
export function serialIn(json: Uint8Array): number {
  let serial = 0;
  for (let at = SERIAL_AT; at < SERIAL_AT + SERIAL_DIGITS; at++) serial = serial * 10 + json[at]! - 0x30;
  return serial;
}

function brew(index: number): Beer {
  const document: Beer = {
    type: 'beer',
    serial: FIRST_SERIAL + index,
    name: 'Harbour Lights Amber Ale',
    brewery_id: 'harbour_lights_brewing_company',
    abv: 5.6,
    ibu: 38,
    srm: 14,
    style: 'American-Style Amber/Red Ale',
    category: 'North American Ale',
    updated: '2024-05-17 09:41:07',
    description: '',
  };
  const room = DOCUMENT_BYTES - JSON.stringify(document).length;
  return { ...document, description: TEXT.repeat(2).slice(0, room) };
}
