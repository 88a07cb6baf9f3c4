import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format } from 'prettier';
import { dashboardFiles } from './dashboard.files.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

const files = dashboardFiles();
for (const [path, text] of files) {
  const file = join(ROOT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await format(text, { parser: 'json', printWidth: 120 }));
}
process.stderr.write(`dashboards: wrote ${files.size} files\n`);
