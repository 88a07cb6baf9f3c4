import type { RawQuery } from './query.fields.ts';

/** The pages beside a page, each by the parameter that asks for it. */
export interface Neighbours {
  next?: string | undefined;
  prev?: string | undefined;
}

/**
 * The Link header of a page (RFC 8288); undefined when there is no page beside it.
 * @param kept the parameters that the links take over from the query
 */
export const pageLinks = (
  { path, query, kept }: { path: string; query: RawQuery; kept: readonly string[] },
  { next, prev }: Neighbours,
): string | undefined => {
  const linkTo = (rel: string, parameter: string, cursor: string | undefined): string[] => {
    if (cursor === undefined) return [];
    const parameters = new URLSearchParams();
    for (const field of kept) {
      const value = query[field];
      if (typeof value === 'string') parameters.set(field, value);
    }
    parameters.set(parameter, cursor);
    return [`<${path}?${parameters}>; rel="${rel}"`];
  };
  const links = [...linkTo('next', 'after', next), ...linkTo('prev', 'before', prev)];
  return links.length > 0 ? links.join(', ') : undefined;
};
