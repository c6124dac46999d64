import type { Contender, ServerAddress } from '../contender.js';
import { beerAt, DOCUMENTS } from '../documents.js';
import type { Load } from '../load.js';
import { openFloor } from './socket-floor.js';

/**
 * The floor with the JSON that every client has to do: `JSON.stringify` of each document that is stored, `JSON.parse` of
 * each that is read, from a text that is there already. A client cannot cost less; what it costs beyond this is its own doing.
 */
export function open(server: ServerAddress): Promise<Contender> {
  const texts = Array.from({ length: DOCUMENTS }, (_none, index) => JSON.stringify(beerAt(index)));
  let sum = 0;
  const work = ({ operation }: Load, first: number, count: number): void => {
    for (let index = first; index < first + count; index++) {
      if (operation === 'upsert') sum += JSON.stringify(beerAt(index)).length;
      else sum += JSON.parse(texts[index % DOCUMENTS]!).serial;
    }
    // Somebody could want to know: so none of it is left out.
    if (!(sum > 0)) throw new Error('the documents are gone');
  };
  return openFloor(server, work);
}
