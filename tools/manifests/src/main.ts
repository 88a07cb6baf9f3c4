import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeKubernetesDocument } from './docs/kubernetes.sections.ts';
import { ManifestsError } from './manifests.errors.ts';
import { edgesOf, matrixTable } from './network/edge.matrix.ts';
import { checkOverlay, loadValidators, loadViews } from './overlay.check.ts';
import { takeCustomSchemas } from './schemas/custom.schemas.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const HELP = `npm run manifests                        renders every overlay, checks it and prints its network
npm run manifests -- --write             also writes the tables of docs/kubernetes.md
npm run manifests -- --take-crd FILE --source 'PACKAGE VERSION'   takes schemas of custom resources
Exit code 0: nothing was found. 1: something was, and it is named. 2: nothing could be checked.
`;

const OPTIONS = {
  write: { type: 'boolean' },
  'take-crd': { type: 'string', multiple: true },
  source: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const readArguments = () => {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    throw new ManifestsError((error as Error).message);
  }
};

const check = async (isWritten: boolean): Promise<number> => {
  const validators = loadValidators();
  const views = loadViews(ROOT);
  let count = 0;
  for (const view of views) {
    const findings = checkOverlay(view, validators);
    count += findings.length;
    process.stdout.write(
      `\n${view.name}: ${view.documents.length} documents against Kubernetes ${[...validators.keys()].join(' and ')}\n`,
    );
    for (const { code, where, message } of findings) process.stdout.write(`${code}  ${where}: ${message}\n`);
    process.stdout.write(`${matrixTable(edgesOf(view))}\n`);
  }
  if (isWritten) await writeKubernetesDocument(ROOT, views);
  process.stdout.write(count === 0 ? '\nnothing is wrong\n' : `\n${count} findings\n`);
  return count === 0 ? 0 : 1;
};

const run = async (): Promise<number> => {
  const { help, write = false, source, 'take-crd': files } = readArguments();
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (!files) return check(write);
  if (!source) throw new ManifestsError('--take-crd needs --source, which names the package and its version');
  process.stdout.write(`${takeCustomSchemas(files, source).join('\n')}\n`);
  return 0;
};

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof ManifestsError)) throw error;
  process.stderr.write(`manifests: ${error.message}\n`);
  process.exitCode = 2;
}
