import { NEWER, linksOf } from './link.header.ts';

describe('the links of a page', () => {
  it('are read by their relation', () => {
    const header = `</messages/alice/bob?limit=50&after=1_a>; rel="next", </messages/alice/bob?before=1_a>; rel="${NEWER}"`;
    expect([...linksOf(header)]).toEqual([
      ['next', '/messages/alice/bob?limit=50&after=1_a'],
      [NEWER, '/messages/alice/bob?before=1_a'],
    ]);
  });

  it('are none without the header', () => expect(linksOf(null).size).toBe(0));

  it('never lead to another origin', () => {
    const header = '<https://example.org/a>; rel="next", <//example.org/b>; rel="prev", </\\example.org>; rel="last"';
    expect(linksOf(header).size).toBe(0);
  });
});
