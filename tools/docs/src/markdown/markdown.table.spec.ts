import { firstTable, tableText } from './markdown.table.ts';
import { replaceSection, sectionOf } from './marked.section.ts';

const TABLE = {
  columns: ['name', 'takes'],
  rows: [
    ['`A`', 'one of a | b'],
    ['`B`', ''],
  ],
};

test('a table that is written is read back, also with a bar in a cell', () => {
  expect(firstTable(tableText(TABLE))).toEqual(TABLE);
});

test('padding of cells and text around the table change nothing', () => {
  const padded = [
    'before',
    '',
    '| name | takes        |',
    '| ---- | ------------ |',
    '| `A`  | one of a \\| b |',
    '| `B`  |              |',
    'after',
  ];
  expect(firstTable(padded.join('\n'))).toEqual(TABLE);
});

test('a section is replaced between its marks, and a document without them is refused', () => {
  const document = 'x\n<!-- t: made by npm run reference -->\n\nold\n\n<!-- end of t -->\ny\n';
  const replaced = replaceSection(document, 't', 'new');
  expect(sectionOf(replaced, 't').trim()).toBe('new');
  expect(replaced.startsWith('x\n') && replaced.endsWith('\ny\n')).toBe(true);
  expect(() => sectionOf(document, 'other')).toThrow('the document has no section between');
});
