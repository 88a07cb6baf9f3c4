/**
 * The opening tags of an XML text, without their brackets.
 * @throws Error when it is not well-formed: tags that do not close in order, an open attribute, or a bare `<` or `&`
 */
export const tagsOf = (xml: string): string[] => {
  const tags: string[] = [];
  const open: string[] = [];
  const rest = xml.replaceAll(
    /<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z][\w:-]*="[^"<]*")*)\s*(\/?)>/g,
    (_, close, name, attributes, alone) => {
      if (close) {
        const last = open.pop();
        if (last !== name) throw new Error(`</${name}> closes <${last}>`);
        return '';
      }
      tags.push(`${name}${attributes}`);
      if (!alone) open.push(name as string);
      return '';
    },
  );
  if (open.length > 0) throw new Error(`<${open.at(-1)}> is not closed`);
  const bare = /<|&(?!(?:amp|lt|gt|quot|apos);)/.exec(rest);
  if (bare) throw new Error(`a bare ${bare[0]} at ${rest.slice(bare.index, bare.index + 40)}`);
  return tags;
};
