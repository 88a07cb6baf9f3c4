import type { Table } from '../markdown/markdown.table.ts';
import type { SettingDescription } from './setting.description.ts';

const code = (text: string): string => (text === '' ? 'not set' : /^[\w.:/@?=~-]+$/.test(text) ? `\`${text}\`` : text);

/** One row for each variable, and a further one for each reader with another default, range or about. */
export const variableTable = (settings: readonly SettingDescription[]): Table => {
  const groups = new Map<string, SettingDescription[]>();
  for (const setting of settings) {
    const { variable, takes, about } = setting;
    const key = JSON.stringify([variable, setting.default, takes, about]);
    groups.set(key, [...(groups.get(key) ?? []), setting]);
  }
  const rows = [...groups.values()].map(([first, ...others]) => {
    const readers = [first!, ...others].map(({ reader }) => reader);
    return [`\`${first!.variable}\``, readers.join(', '), code(first!.default), first!.takes, first!.about];
  });
  return {
    columns: ['variable', 'read by', 'default', 'takes', 'what it sets'],
    // Stable: readers of one variable keep the order in which they were loaded.
    rows: rows.toSorted(([a], [b]) => (a! < b! ? -1 : a! > b! ? 1 : 0)),
  };
};
