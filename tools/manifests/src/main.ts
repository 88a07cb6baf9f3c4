import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeKubernetesDocument } from './docs/kubernetes.sections.ts';
import { ManifestsError } from './manifests.errors.ts';
import { edgesOf, matrixTable } from './network/edge.matrix.ts';
import { checkOverlay, loadSwitchedViews, loadValidators, loadViews } from './overlay.check.ts';
import { contractReport, runContract } from './pods/contract.run.ts';
import { takeCustomSchemas } from './schemas/custom.schemas.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const HELP = `npm run manifests                        renders every overlay, also with the components that are off, checks it and prints its network
npm run manifests -- --write             also writes the tables of docs/kubernetes.md
npm run manifests -- --run dev [--rate 500] [--outage 60]   runs the pods of an overlay in a Docker engine: restarts, updates, MongoDB away
npm run manifests -- --take-crd FILE --source 'PACKAGE VERSION'   takes schemas of custom resources
Exit code 0: nothing was found. 1: something was, and it is named. 2: nothing could be checked.
`;

const OPTIONS = {
  write: { type: 'boolean' },
  'take-crd': { type: 'string', multiple: true },
  source: { type: 'string' },
  run: { type: 'string' },
  rate: { type: 'string', default: '500' },
  outage: { type: 'string', default: '60' },
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
  for (const view of [...views, ...loadSwitchedViews(ROOT, views)]) {
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

const whole = (name: string, text: string, [least, most]: readonly [least: number, most: number]): number => {
  if (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
  throw new ManifestsError(`--${name} takes a whole number from ${least} to ${most}, not '${text}'`);
};

const runPods = async (name: string, { rate, outage }: { rate: string; outage: string }): Promise<number> => {
  const overlay = loadViews(ROOT).find((view) => view.name === name);
  if (!overlay) throw new ManifestsError(`there is no overlay ${name} in k8s/overlays`);
  const plan = { rate: whole('rate', rate, [1, 5000]), outageSeconds: whole('outage', outage, [0, 3600]) };
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const { text, isRight } = contractReport(await runContract({ overlay, print, ...plan }));
  print(text);
  return isRight ? 0 : 1;
};

const run = async (): Promise<number> => {
  const { help, write = false, source, 'take-crd': files, run: overlay, ...numbers } = readArguments();
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (overlay !== undefined) return runPods(overlay, numbers);
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
