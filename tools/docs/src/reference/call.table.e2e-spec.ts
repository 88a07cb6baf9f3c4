import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppProcess, freshSystem } from '@wiber/harness';
import { firstTable } from '../markdown/markdown.table.ts';
import { sectionOf } from '../markdown/marked.section.ts';
import { callTable, type ApiDocument } from './call.table.ts';

const REFERENCE = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'reference.md');

test('docs/reference.md has each call as the OpenAPI document of a gateway declares it; npm run reference -- --api writes it anew', async () => {
  const gateway = await AppProcess.start('gateway', await freshSystem());
  try {
    const document = (await (await fetch(`${gateway.url}/docs-json`)).json()) as ApiDocument;
    expect(firstTable(sectionOf(readFileSync(REFERENCE, 'utf8'), 'calls'))).toEqual(callTable(document));
  } finally {
    await gateway.end();
  }
});
