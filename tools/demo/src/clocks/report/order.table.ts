import type { ClocksRun } from '../clocks.run.ts';
import { SORTS, type Sort } from '../truth/order.verdict.ts';
import { numbersOf } from './act.line.ts';

const CELL = 33;
const PLACE = 5;
const GAP = '  ';
/** Behind a message that stands before one that its sender knew. */
export const WRONG = '✗';

/** Cuts by characters as people see them, so that no half of one is left. */
const fit = (text: string, width: number): string => {
  const characters = [...new Intl.Segmenter().segment(text.replaceAll(/\p{Cc}/gu, ' '))].map(({ segment }) => segment);
  const shown = characters.length > width ? [...characters.slice(0, width - 1), '…'] : characters;
  return shown.join('') + ' '.repeat(width - shown.length);
};

/** The messages of an order, a cell each. */
const columnOf = ({ orders, verdict, acts }: Pick<ClocksRun, 'orders' | 'verdict' | 'acts'>, sort: Sort): string[] => {
  const numbers = numbersOf(acts);
  const inversions = verdict.orders.find((order) => order.sort === sort)?.inversions ?? [];
  const wrong = new Set(inversions.map(({ effect }) => effect));
  return (orders.find((order) => order.sort === sort)?.shown ?? []).map(({ messageId, fromUser, content }) => {
    const number = String(numbers.get(messageId) ?? '?').padStart(2);
    return `${fit(`${number} ${fromUser}: ${content}`, CELL - 2)} ${wrong.has(messageId) ? WRONG : ' '}`;
  });
};

/** The talk in the three orders side by side, as lines for the terminal. */
export const orderTable = (run: Pick<ClocksRun, 'orders' | 'verdict' | 'acts'>): string[] => {
  const columns = SORTS.map((sort) => columnOf(run, sort));
  const rows = Math.max(...columns.map(({ length }) => length));
  const line = (place: string, cells: readonly string[]): string =>
    [place.padStart(PLACE), ...cells.map((cell) => fit(cell, CELL))].join(GAP).trimEnd();
  return [
    line(
      'place',
      SORTS.map((sort) => `sort=${sort}`),
    ),
    line(
      '-'.repeat(PLACE),
      SORTS.map(() => '-'.repeat(CELL)),
    ),
    ...Array.from({ length: rows }, (_, row) =>
      line(
        String(row + 1),
        columns.map((column) => column[row] ?? ''),
      ),
    ),
  ];
};
