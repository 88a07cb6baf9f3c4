import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { replaceSection } from './markdown/marked.section.ts';
import { tableText, type Table } from './markdown/markdown.table.ts';
import { loadRegistries } from './metrics/app.registries.ts';
import { metricTables } from './metrics/metric.table.ts';
import { callTable, type ApiDocument } from './reference/call.table.ts';
import { problemTable } from './reference/problem.table.ts';
import { loadSettings } from './reference/settings.loader.ts';
import { variableTable } from './reference/variable.table.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

const { values } = parseArgs({ options: { api: { type: 'string' } } });

// First: apps read their settings when they are loaded, and these are made with all metrics.
const registries = await loadRegistries(ROOT, 'dist');
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

const write = async (document: string, made: Record<string, Table>): Promise<void> => {
  const file = join(ROOT, 'docs', document);
  let text = readFileSync(file, 'utf8');
  for (const [name, table] of Object.entries(made)) text = replaceSection(text, name, tableText(table));
  writeFileSync(file, await format(text, { parser: 'markdown', printWidth: 120 }));
  process.stderr.write(`docs: wrote ${Object.keys(made).join(', ')} of docs/${document}\n`);
};

await write('reference.md', tables);
await write('metrics.md', metricTables(registries));
