/** The relation of the page that has what is newer than all of this one. */
export const NEWER = 'urn:wiber:rel:newer';

const LINK = /<([^<>]*)>\s*;\s*rel="([^"]*)"/g;

/**
 * The addresses in a Link header (RFC 8288) as the gateway writes it, by relation. Only paths of the gateway itself count:
 * a page never follows a link elsewhere.
 */
export const linksOf = (header: string | null): ReadonlyMap<string, string> => {
  const links = new Map<string, string>();
  for (const [, address = '', relation = ''] of (header ?? '').matchAll(LINK))
    if (/^\/(?![/\\])/.test(address)) links.set(relation, address);
  return links;
};
