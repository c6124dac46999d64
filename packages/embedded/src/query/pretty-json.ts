/** A text in JSON, or what may stand between texts. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

const INDENT = '    ';

/**
 * Returns JSON with each member and element in a line of its own. Order and digits stay as they are.
 *
 * @param margin what comes before each line but the first
 */
export function prettyJson(json: string, margin: string): string {
  const tokens = json.match(TOKEN) ?? [];
  let line = `\n${margin}`;
  let text = '';
  for (const [index, token] of tokens.entries()) {
    const isClosing = token === '}' || token === ']';
    if (isClosing) line = line.slice(0, -INDENT.length);
    const before = tokens[index - 1];
    const isEmpty = isClosing && (before === '{' || before === '[');
    if ((isClosing && !isEmpty) || (startsLine(before) && !isEmpty)) text += line;
    text += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') line += INDENT;
  }
  return text;
}

function startsLine(before: string | undefined): boolean {
  return before === '{' || before === '[' || before === ',';
}
