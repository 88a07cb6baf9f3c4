import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { EVERY_APP, EVERY_LIB, build, endBuilds } from './workspace.build.ts';

interface Tool {
  project: string;
  /** A tool imports built libs, as an app does. */
  prepare: () => Promise<void>;
  firstArgs: string[];
  /** The file of the command in the sources of the project; main.ts when it is left out. */
  entry?: string;
}

const buildAll = () => build([EVERY_APP, EVERY_LIB]);
const prepareAudit = () => build(['libs/evidence', 'libs/mongo']);

const TOOLS = {
  bench: { project: 'bench', prepare: buildAll, firstArgs: [] },
  chaos: { project: 'chaos', prepare: buildAll, firstArgs: [] },
  demo: { project: 'demo', prepare: buildAll, firstArgs: [], entry: 'tour.main.ts' },
  'demo:failover': { project: 'demo', prepare: buildAll, firstArgs: [] },
  'demo:clocks': { project: 'demo', prepare: buildAll, firstArgs: [], entry: 'clocks.main.ts' },
  screenshots: { project: 'demo', prepare: buildAll, firstArgs: [], entry: 'screenshots.main.ts' },
  alerts: { project: 'alerts', prepare: buildAll, firstArgs: [] },
  takeovers: { project: 'takeovers', prepare: buildAll, firstArgs: [] },
  audit: { project: 'audit', prepare: prepareAudit, firstArgs: ['audit'] },
  rebuild: { project: 'audit', prepare: prepareAudit, firstArgs: ['rebuild'] },
  // These three import nothing from the libs, or only types.
  manifests: { project: 'manifests', prepare: async () => undefined, firstArgs: [] },
  images: { project: 'images', prepare: () => build(['libs/harness']), firstArgs: [] },
  dlq: { project: 'dlq', prepare: async () => undefined, firstArgs: [] },
  capacity: { project: 'capacity', prepare: async () => undefined, firstArgs: [] },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;
export const TOOL_NAMES = Object.keys(TOOLS);
export const isTool = (name: string): name is ToolName => Object.hasOwn(TOOLS, name);

const PRELOAD = import.meta.resolve('./tool.preload.ts');

/** kafkajs 2.2.4 sets timers with a negative time: https://github.com/tulios/kafkajs/issues/1751. */
const WITHOUT_WARNING = '--disable-warning=TimeoutNegativeWarning';

/** Resolves to the exit code of the tool; 2 when it was killed: 1 would be a finding about the examined system. */
export const toolCommand = async (tool: ToolName, args: string[]): Promise<number> => {
  const { project, prepare, firstArgs, entry = 'main.ts' }: Tool = TOOLS[tool];
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void endBuilds());
  await prepare();
  const main = join('tools', project, 'src', entry);
  const flags = [WITHOUT_WARNING, '--import', PRELOAD];
  const child = spawn(process.execPath, [...flags, main, ...firstArgs, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const { code, by } = await new Promise<{ code: number | null; by: string | null }>((resolve) =>
    child.once('close', (exitCode, signal) => resolve({ code: exitCode, by: signal })),
  );
  if (code === null) process.stderr.write(`wiber: ${tool} was ended by ${by} before it had a result\n`);
  return code ?? 2;
};
