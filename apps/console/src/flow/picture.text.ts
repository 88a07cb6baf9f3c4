/** Mean width of a character, as a part of the font size; SVG has no ellipsis. */
const CHARACTER = 0.58;

export const fitted = (text: string, room: number, size = 13): string => {
  const most = Math.max(1, Math.floor(room / (size * CHARACTER)));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
};
