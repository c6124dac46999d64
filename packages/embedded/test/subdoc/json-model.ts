import fc from 'fast-check';
import { type Path, parsePath } from '../../src/subdoc/path.js';

/*
 * A plain model of documents: JavaScript values, changed by ordinary code. Property tests apply an edit to the text and
 * to the model, and compare. A step that is a string is a member, a number an element.
 */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export type Steps = readonly (string | number)[];

/** Names with everything that paths and JSON have to quote, but for what needs an escape in JSON. */
export const names = fc.string({ unit: fc.constantFrom(...'ab.[]` é\u{1f600}$'), minLength: 1, maxLength: 5 });

const tie = fc.letrec<{ value: Json }>((self) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string({ maxLength: 6 })),
    fc.array(self('value'), { maxLength: 4 }),
    fc.dictionary(names, self('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

export const values: fc.Arbitrary<Json> = tie.value;

/** Documents: objects and arrays. */
export const documents: fc.Arbitrary<Json> = fc.oneof(
  fc.array(values, { maxLength: 5 }),
  fc.dictionary(names, values, { maxKeys: 5, noNullPrototype: true }),
);

/** White space as printed by people and machines. */
export const indents = fc.constantFrom(undefined, 1, '\t');

/** The document's text, in a way of printing it. */
export function print(value: Json, indent: number | string | undefined): Buffer {
  return Buffer.from(JSON.stringify(value, null, indent));
}

export function parse(text: Buffer): Json {
  return JSON.parse(text.toString()) as Json;
}

/** Every way into a document. */
export function* allSteps(value: Json, above: Steps = []): Generator<Steps> {
  yield above;
  if (Array.isArray(value)) {
    for (const [index, child] of value.entries()) yield* allSteps(child, [...above, index]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, child] of Object.entries(value)) yield* allSteps(child, [...above, name]);
  }
}

export function follow(value: Json, steps: Steps): Json {
  let at = value;
  for (const step of steps) at = (at as { [step: string | number]: Json })[step]!;
  return at;
}

/** The path's text, with every name quoted. */
export function pathText(steps: Steps): Buffer {
  const parts = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.\`${step.replaceAll('`', '``')}\``));
  return Buffer.from(parts.join('').replace(/^\./, ''));
}

export function pathOf(steps: Steps): Path {
  const path = parsePath(pathText(steps));
  if (typeof path === 'number') throw new Error(`not a path: ${pathText(steps)}`);
  return path;
}

/** A document, its text, and a way into it. */
export const placed = fc.tuple(documents, indents, fc.nat()).map(([document, indent, choice]) => {
  const all = [...allSteps(document)];
  return { document, text: print(document, indent), steps: all[choice % all.length]! };
});
