import { QueryFault } from './query-fault.js';

/** The scope that names of one part belong to. */
export interface QueryContext {
  readonly bucket: string;
  readonly scope: string;
}

const PART = /`((?:[^`]|``)+)`|([^`.:]+)/y;

/**
 * Reads a context like ``default:`bucket`.`scope` ``. Without a scope it is that of the bucket's default collection, which
 * is the same as no context.
 *
 * @throws QueryFault for one that is not of that form
 */
export function parseContext(text: string): QueryContext | undefined {
  const { namespaces, elements } = split(text.trim());
  if (namespaces > 1) throw invalid('repeated namespace');
  if (elements.length > 2) throw invalid('too many context elements');
  const [bucket, scope] = elements;
  return bucket === undefined || scope === undefined ? undefined : { bucket, scope };
}

function split(text: string): { readonly namespaces: number; readonly elements: readonly string[] } {
  const elements: string[] = [];
  let namespaces = 0;
  let at = 0;
  while (at < text.length) {
    PART.lastIndex = at;
    const found = PART.exec(text);
    if (found === null) throw invalid('missing identifier');
    at = PART.lastIndex;
    const separator = text[at];
    if (separator === ':') namespaces++;
    else elements.push(found[1]?.replaceAll('``', '`') ?? (found[2] as string));
    if (separator !== undefined && separator !== ':' && separator !== '.') throw invalid('missing separator');
    at++;
  }
  return { namespaces, elements };
}

function invalid(cause: string): QueryFault {
  return new QueryFault({ code: 10201, msg: `Invalid query_context specified: : ${cause}` });
}
