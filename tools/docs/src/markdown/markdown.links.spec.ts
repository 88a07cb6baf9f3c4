import { anchorsIn, linksIn } from './markdown.links.ts';

test('links, images and definitions are found with their line, and code holds none', () => {
  const text = [
    'See [one](a.md) and ![a plot](b.svg "title").',
    '`[code](c.md)` is code.',
    '```',
    '[fenced](d.md)',
    '```',
    '[two]: e.md#part',
  ].join('\n');
  expect(linksIn(text)).toEqual([
    { target: 'a.md', line: 1 },
    { target: 'b.svg', line: 1 },
    { target: 'e.md#part', line: 6 },
  ]);
});

test('a heading has the anchor that GitHub gives it, and a repeated one has a number', () => {
  const text = [
    '# What it is, and why',
    '## `npm start`',
    '## [A link](x.md)',
    '## Same',
    '## Same',
    '```',
    '# no',
    '```',
  ];
  expect([...anchorsIn(text.join('\n'))]).toEqual(['what-it-is-and-why', 'npm-start', 'a-link', 'same', 'same-1']);
});
