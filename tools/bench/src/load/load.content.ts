/**
 * Words of made-up syllables, the short ones often and the long ones seldom. MongoDB packs it about as well as prose; a
 * repeated sentence would be packed ten times smaller, and a store of it would look faster than a real one.
 */
const writeText = (length: number): string => {
  let state = 1;
  /** A whole number below `end`. Source: the linear congruential generator of Numerical Recipes, 2nd edition, 7.1. */
  const draw = (end: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
  const syllable = () => 'bcdfghklmnprstvw'[draw(16)]! + 'aeiouy'[draw(6)]!;
  const vocabulary = Array.from({ length: 4000 }, (_, rank) => {
    const syllables = 1 + Math.floor(Math.log10(1 + rank));
    return Array.from({ length: syllables }, syllable).join('') + 'nrst'.charAt(draw(5));
  });
  /** Word of rank k with a probability of about 1/k, as in any language: Zipf's law. */
  const word = () => vocabulary[Math.floor(vocabulary.length ** (draw(1 << 24) / (1 << 24))) - 1]!;
  let text = '';
  while (text.length < length) text += `${word()} `;
  return text.slice(0, length);
};

const TEXT = writeText(1 << 20);

/** The content of a post begins with its number, so that each post can be found again. */
export const contentOf = (sequence: number, bytes: number): string => {
  const head = `${sequence} `;
  const from = Math.imul(sequence, 0x9e3779b1) >>> 12;
  const body = TEXT.slice(from, from + bytes - head.length);
  return (head + body).padEnd(bytes, TEXT);
};
export const sequenceOf = (content: string): number => Number.parseInt(content, 10);
