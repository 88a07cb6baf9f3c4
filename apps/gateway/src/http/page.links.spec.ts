import { NEWER, pageLinks } from './page.links.ts';

const page = { path: '/messages/a/b', query: { limit: '5', skip: '7', sort: ['x', 'y'] }, kept: ['limit', 'sort'] };

test('a page without neighbours has no Link header', () => {
  expect(pageLinks(page, {})).toBeUndefined();
});

test('each link asks for its page by a cursor, and takes over only the kept parameters that were given once', () => {
  expect(pageLinks(page, { next: 'NX', prev: 'PV' })).toBe(
    '</messages/a/b?limit=5&after=NX>; rel="next", </messages/a/b?limit=5&before=PV>; rel="prev"',
  );
});

test('what is newer has a link of its own, behind or before a cursor, and is never the next page', () => {
  expect(pageLinks(page, { newer: { after: 'NX' } })).toBe(`</messages/a/b?limit=5&after=NX>; rel="${NEWER}"`);
  expect(pageLinks(page, { newer: { before: 'PV' } })).toBe(`</messages/a/b?limit=5&before=PV>; rel="${NEWER}"`);
});
