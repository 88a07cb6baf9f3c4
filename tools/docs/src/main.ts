import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { replaceSection } from './markdown/marked.section.ts';
import { tableText, type Table } from './markdown/markdown.table.ts';
import { callTable, type ApiDocument } from './reference/call.table.ts';
import { problemTable } from './reference/problem.table.ts';
import { loadSettings } from './reference/settings.loader.ts';
import { variableTable } from './reference/variable.table.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const REFERENCE = join(ROOT, 'docs', 'reference.md');

const { values } = parseArgs({ options: { api: { type: 'string' } } });

const tables: Record<string, Table> = {
  variables: variableTable(await loadSettings(ROOT, 'dist')),
  codes: problemTable(),
};
if (values.api === undefined) {
  process.stderr.write(
    'docs: the table of calls stays as it is; --api http://127.0.0.1:8000 makes it from a gateway\n',
  );
} else {
  const answer = await fetch(`${values.api}/docs-json`);
  tables.calls = callTable((await answer.json()) as ApiDocument);
}

let text = readFileSync(REFERENCE, 'utf8');
for (const [name, table] of Object.entries(tables)) text = replaceSection(text, name, tableText(table));
writeFileSync(REFERENCE, await format(text, { parser: 'markdown', printWidth: 120 }));
process.stderr.write(`docs: wrote ${Object.keys(tables).join(', ')} of docs/reference.md\n`);
