export interface Table {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

const CELL_BORDER = /(?<!\\)\|/;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

export const tableText = ({ columns, rows }: Table): string =>
  [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');

const cellsOf = (text: string): string[] =>
  text
    .split(CELL_BORDER)
    .slice(1, -1)
    .map((one) => one.trim().replaceAll('\\|', '|'));

/** The first table of a text, whose columns may be padded with spaces. @throws Error when there is none */
export const firstTable = (text: string): Table => {
  const lines = text.split('\n');
  const start = lines.findIndex((one) => one.startsWith('|'));
  if (start < 0) throw new Error('there is no table');
  const end = lines.findIndex((one, index) => index > start && !one.startsWith('|'));
  const [columns = [], , ...rows] = lines.slice(start, end < 0 ? undefined : end).map(cellsOf);
  return { columns, rows };
};
