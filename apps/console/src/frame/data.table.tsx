import type { ReactNode } from 'react';

export interface TableColumn<T> {
  name: string;
  cell: (row: T) => ReactNode;
  /** The column that names the row. */
  isHead?: boolean;
  /** Numbers end at the right, one under the other. */
  isNumber?: boolean;
  wraps?: boolean;
}

interface DataTableProps<T> {
  caption: string;
  rows: readonly T[];
  keyOf: (row: T) => string;
  columns: readonly TableColumn<T>[];
  /** The caption is read aloud, and the heading above the table says the same. */
  hidesCaption?: boolean;
}

/** A table that scrolls by itself when it is wider than the page. */
export function DataTable<T>({ caption, rows, keyOf, columns, hidesCaption = false }: DataTableProps<T>) {
  return (
    // A part that scrolls must take the focus, so that keys can scroll it.
    <div className="table-scroll" role="group" aria-label={caption} tabIndex={0}>
      <table className="table">
        <caption className={hidesCaption ? 'unseen' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, isNumber }) => (
              <th key={name} scope="col" className={isNumber === true ? 'number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <Cell key={column.name} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<T>({ column: { cell, isHead, isNumber, wraps }, row }: { column: TableColumn<T>; row: T }) {
  if (isHead === true) return <th scope="row">{cell(row)}</th>;
  const names = [isNumber === true ? 'number' : '', wraps === true ? 'wraps' : ''].join(' ').trim();
  return <td className={names === '' ? undefined : names}>{cell(row)}</td>;
}
