const isBlank = (character: string): boolean =>
  character === ' ' || character === '\t' || character === '\n' || character === '\r';

/**
 * A JSON text with line breaks and an indent of two, for reading. Only blanks between tokens change: numbers, doubled keys and
 * the order of keys stay as the record has them, which parsing and writing again would lose.
 * @param text valid JSON
 */
export const indentJson = (text: string): string => {
  const parts: string[] = [];
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(depth)}`;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (isBlank(character)) continue;
    if (character === '"') {
      const end = endOfString(text, at);
      parts.push(text.slice(at, end + 1));
      at = end;
    } else if (character === '{' || character === '[') {
      const next = nextToken(text, at + 1);
      if (next < text.length && text[next] === (character === '{' ? '}' : ']')) {
        parts.push(character, text[next] as string);
        at = next;
      } else {
        depth += 1;
        parts.push(character, line());
      }
    } else if (character === '}' || character === ']') {
      depth -= 1;
      parts.push(line(), character);
    } else if (character === ',') parts.push(',', line());
    else parts.push(character === ':' ? ': ' : character);
  }
  return parts.join('');
};

/** The index of the quote that ends a string. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
};

const nextToken = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && isBlank(text[at] as string)) at += 1;
  return at;
};
