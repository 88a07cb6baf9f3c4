export interface Link {
  target: string;
  /** From 1. */
  line: number;
}

const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');

/** Without code: a link in it is an example. Every line keeps its number. */
const withoutCode = (markdown: string): string =>
  markdown.replaceAll(/^(```|~~~)[^]*?^\1\s*$/gm, blank).replaceAll(/(`+)[^`]+?\1/g, blank);

/** Links and images, and what definitions as `[name]: target` lead to. */
export const linksIn = (markdown: string): Link[] => {
  const text = withoutCode(markdown);
  const found = [
    ...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...text.matchAll(/^\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm),
  ];
  return found.map((match) => ({ target: match[1]!, line: text.slice(0, match.index).split('\n').length }));
};

/** The name that GitHub gives a heading: https://github.com/gjtorikian/html-pipeline, its filter toc_filter. */
const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

/** The names of all headings; a heading that comes again has a number. */
export const anchorsIn = (markdown: string): Set<string> => {
  const prose = markdown.replaceAll(/^(```|~~~)[^]*?^\1\s*$/gm, '');
  const headings = [...prose.matchAll(/^#{1,6}\s+(.+?)\s*#*\s*$/gm)].map((match) => anchorOf(match[1]!));
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const anchor of headings) {
    const count = seen.get(anchor) ?? 0;
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`);
    seen.set(anchor, count + 1);
  }
  return anchors;
};
