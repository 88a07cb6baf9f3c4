import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { edgesOf, matrixTable } from '../network/edge.matrix.ts';
import { FINDING_CODES } from '../rules/finding.ts';
import type { OverlayView } from '../rules/overlay.view.ts';
import { loadCustomSchemas } from '../schemas/custom.schemas.ts';
import { celRulesIn } from '../schemas/document.validator.ts';

const FILE = join('docs', 'kubernetes.md');

const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const networkSection = (view: OverlayView): string => {
  const edges = edgesOf(view);
  const allowed = edges.filter((edge) => edge.isAllowed).length;
  return `${matrixTable(edges)}\n\nOf ${edges.length} connections ${allowed} are allowed and ${edges.length - allowed} refused.`;
};

const kindsSection = (views: readonly OverlayView[]): string => {
  const counts = new Map<string, number[]>();
  views.forEach(({ documents }, place) => {
    for (const { apiVersion, kind } of documents) {
      const key = `${kind} | ${apiVersion}`;
      const row = counts.get(key) ?? views.map(() => 0);
      row[place]! += 1;
      counts.set(key, row);
    }
  });
  const rows = [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, row]) => [...key.split(' | '), ...row.map(String)]);
  return table(['kind', 'API version', ...views.map(({ name }) => name)], rows);
};

const celSection = (): string =>
  table(
    ['kind', 'rules in CEL', 'schema from'],
    loadCustomSchemas().map(({ kind, schema, source }) => [kind, String(celRulesIn(schema)), source]),
  );

const secretSection = (view: OverlayView): string =>
  table(
    ['what', 'keys', 'what it is'],
    view.given.map(({ kind, name, keys, why }) => [`${kind} \`${name}\``, keys.join(', '), why]),
  );

/** The generated parts of docs/kubernetes.md, by the names of their marks. */
export const kubernetesSections = (views: readonly OverlayView[]): Record<string, string> => ({
  ...Object.fromEntries(views.map((view) => [`network of ${view.name}`, networkSection(view)])),
  ...Object.fromEntries(views.map((view) => [`secrets of ${view.name}`, secretSection(view)])),
  kinds: kindsSection(views),
  findings: table(
    ['finding', 'what is wrong'],
    Object.entries(FINDING_CODES).map(([code, what]) => [`\`${code}\``, what]),
  ),
  cel: celSection(),
});

/** The document with its generated parts as they should be. @throws Error when a mark is missing */
export const withSections = async (document: string, sections: Readonly<Record<string, string>>): Promise<string> => {
  let text = document;
  for (const [name, section] of Object.entries(sections)) {
    const begin = `<!-- ${name}: made by npm run manifests -->`;
    const end = `<!-- end of ${name} -->`;
    const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
    if (!text.includes(begin) || to < from) throw new Error(`${FILE} has no part between ${begin} and ${end}`);
    text = `${text.slice(0, from)}\n\n${section}\n\n${text.slice(to)}`;
  }
  return format(text, { parser: 'markdown', printWidth: 120 });
};

export const readKubernetesDocument = (root: string): string => readFileSync(join(root, FILE), 'utf8');

export const writeKubernetesDocument = async (root: string, views: readonly OverlayView[]): Promise<void> =>
  writeFileSync(join(root, FILE), await withSections(readKubernetesDocument(root), kubernetesSections(views)));
