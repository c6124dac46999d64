import type {
  Binding,
  Case,
  Comprehension,
  Expression,
  ObjectConstructor,
  ObjectMember,
  Quantified,
} from './expression.js';
import { impliedName } from './implied-name.js';
import type { TokenStream } from './token-stream.js';

type Read = (tokens: TokenStream) => Expression;

const CODE_PARSE = 3000;

export function readArray(tokens: TokenStream, read: Read): Expression {
  const at = tokens.expectSign('[').start;
  const elements = tokens.isSign(']') ? [] : tokens.list(() => read(tokens));
  tokens.expectSign(']');
  return { kind: 'array', elements, at };
}

export function readObject(tokens: TokenStream, read: Read): ObjectConstructor {
  const at = tokens.expectSign('{').start;
  const members = tokens.isSign('}') ? [] : tokens.list(() => readMember(tokens, read));
  tokens.expectSign('}');
  return { kind: 'object', members, at };
}

/** Reads `name: value`, `value AS name`, or a value that has a name of its own. */
function readMember(tokens: TokenStream, read: Read): ObjectMember {
  const first = read(tokens);
  if (tokens.acceptSign(':')) return { name: first, value: read(tokens) };
  const alias = readAlias(tokens) ?? impliedName(first);
  if (alias === undefined) {
    const shown = tokens.text.slice(first.at, tokens.peek().start).trimEnd();
    throw tokens.placed(CODE_PARSE, `Object member missing name or value: ${shown}`, first.at);
  }
  return { name: { kind: 'literal', value: alias, at: first.at }, value: first };
}

/** Reads `AS name` or a name behind a value. */
export function readAlias(tokens: TokenStream): string | undefined {
  if (tokens.acceptWord('AS')) return tokens.expectName();
  return tokens.isName() ? tokens.take().value : undefined;
}

/** Reads what stands in brackets behind a value. */
export function readBracketed(tokens: TokenStream, array: Expression, read: Read): Expression {
  const { at } = array;
  tokens.expectSign('[');
  if (tokens.acceptSign(']')) return { kind: 'each', array, flatten: true, at };
  if (tokens.isSign('*') && tokens.isSign(']', 1)) {
    tokens.take();
    tokens.take();
    return { kind: 'each', array, flatten: false, at };
  }
  const start = tokens.isSign(':') ? undefined : read(tokens);
  if (start !== undefined && tokens.acceptSign(']')) return { kind: 'element', array, index: start, at };
  tokens.expectSign(':');
  const end = tokens.isSign(']') ? undefined : read(tokens);
  tokens.expectSign(']');
  return { kind: 'slice', array, start, end, at };
}

export function readCase(tokens: TokenStream, read: Read): Case {
  const at = tokens.expectWord('CASE').start;
  const operand = tokens.isWord('WHEN') ? undefined : read(tokens);
  const branches: { when: Expression; result: Expression }[] = [];
  do {
    tokens.expectWord('WHEN');
    const when = read(tokens);
    tokens.expectWord('THEN');
    branches.push({ when, result: read(tokens) });
  } while (tokens.isWord('WHEN'));
  const otherwise = tokens.acceptWord('ELSE') ? read(tokens) : undefined;
  tokens.expectWord('END');
  return { kind: 'case', operand, branches, otherwise, at };
}

/** Reads ANY, EVERY, ARRAY, FIRST and OBJECT with their bindings. */
export function readCollection(tokens: TokenStream, read: Read): Quantified | Comprehension {
  const { start: at, value: word } = tokens.take();
  if (word === 'ARRAY' || word === 'FIRST' || word === 'OBJECT') return readComprehension(tokens, word, at, read);
  const both = word !== 'EVERY' && tokens.isWord('AND');
  if (both) {
    tokens.take();
    tokens.expectWord('EVERY');
  }
  const bindings = readBindings(tokens, read);
  tokens.expectWord('SATISFIES');
  const condition = read(tokens);
  tokens.expectWord('END');
  const quantifier = both ? 'any and every' : word === 'EVERY' ? 'every' : 'any';
  return { kind: 'quantified', quantifier, bindings, condition, at };
}

function readComprehension(tokens: TokenStream, word: string, at: number, read: Read): Comprehension {
  const form = word === 'ARRAY' ? 'array' : word === 'FIRST' ? 'first' : 'object';
  const first = read(tokens);
  const name = form === 'object' ? first : undefined;
  if (name !== undefined) tokens.expectSign(':');
  const value = name === undefined ? first : read(tokens);
  tokens.expectWord('FOR');
  const bindings = readBindings(tokens, read);
  const when = tokens.acceptWord('WHEN') ? read(tokens) : undefined;
  tokens.expectWord('END');
  return { kind: 'comprehension', form, name, value, bindings, when, at };
}

/** Reads `position: variable IN source` and its like, with commas between. */
export function readBindings(tokens: TokenStream, read: Read): Binding[] {
  return tokens.list(() => {
    const at = tokens.peek().start;
    const first = tokens.expectName();
    const variable = tokens.acceptSign(':') ? tokens.expectName() : undefined;
    const descend = tokens.acceptWord('WITHIN');
    if (!descend) tokens.expectWord('IN');
    const source = read(tokens);
    return variable === undefined
      ? { variable: first, descend, source, at }
      : { position: first, variable, descend, source, at };
  });
}
