const marks = (name: string): { begin: string; end: string } => ({
  begin: `<!-- ${name}: made by npm run reference -->`,
  end: `<!-- end of ${name} -->`,
});

const borders = (document: string, name: string): { from: number; to: number } => {
  const { begin, end } = marks(name);
  const from = document.indexOf(begin) + begin.length;
  const to = document.indexOf(end);
  if (!document.includes(begin) || to < from)
    throw new Error(`the document has no section between ${begin} and ${end}`);
  return { from, to };
};

/** The text between the two marks of a section. @throws Error when a mark is missing */
export const sectionOf = (document: string, name: string): string => {
  const { from, to } = borders(document, name);
  return document.slice(from, to);
};

/** @throws Error when a mark is missing */
export const replaceSection = (document: string, name: string, text: string): string => {
  const { from, to } = borders(document, name);
  return `${document.slice(0, from)}\n\n${text}\n\n${document.slice(to)}`;
};
