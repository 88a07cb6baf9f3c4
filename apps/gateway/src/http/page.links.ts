import type { RawQuery } from './query.fields.ts';

/**
 * The relation of the page that will have what is newer than this page. It is always there, also while that page is
 * empty, so it is no "next": a client that walks until there is no "next" would never end. Not a registered relation, so
 * it is a URI (RFC 8288, section 2.1.2).
 */
export const NEWER = 'urn:wiber:rel:newer';

/** The page behind a cursor, or the page before it. */
export type PageAt = { after: string } | { before: string };

/** The pages beside a page, each by the parameter that asks for it. */
export interface Neighbours {
  next?: string | undefined;
  prev?: string | undefined;
  newer?: PageAt | undefined;
}

/**
 * The Link header of a page (RFC 8288); undefined when there is no page beside it.
 * @param kept the parameters that the links take over from the query
 */
export const pageLinks = (
  { path, query, kept }: { path: string; query: RawQuery; kept: readonly string[] },
  { next, prev, newer }: Neighbours,
): string | undefined => {
  const linkTo = (rel: string, at: PageAt): string => {
    const parameters = new URLSearchParams();
    for (const field of kept) {
      const value = query[field];
      if (typeof value === 'string') parameters.set(field, value);
    }
    for (const [parameter, cursor] of Object.entries(at)) parameters.set(parameter, cursor);
    return `<${path}?${parameters}>; rel="${rel}"`;
  };
  const links = [
    ...(next === undefined ? [] : [linkTo('next', { after: next })]),
    ...(prev === undefined ? [] : [linkTo('prev', { before: prev })]),
    ...(newer ? [linkTo(NEWER, newer)] : []),
  ];
  return links.length > 0 ? links.join(', ') : undefined;
};
