import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { EVERY_APP, EVERY_LIB, build } from './workspace.build.ts';

/** For each tool: its project, what must be built first, and its first arguments. A tool imports built libs, as an app does. */
const TOOLS = {
  bench: { project: 'bench', built: [EVERY_APP, EVERY_LIB], firstArgs: [] },
  chaos: { project: 'chaos', built: [EVERY_APP, EVERY_LIB], firstArgs: [] },
  // These two examine a running system. Its apps must not be rebuilt.
  audit: { project: 'audit', built: [EVERY_LIB], firstArgs: ['audit'] },
  rebuild: { project: 'audit', built: [EVERY_LIB], firstArgs: ['rebuild'] },
  // It imports only types from the libs.
  dlq: { project: 'dlq', built: [], firstArgs: [] },
} as const;

export type ToolName = keyof typeof TOOLS;
export const TOOL_NAMES = Object.keys(TOOLS);
export const isTool = (name: string): name is ToolName => Object.hasOwn(TOOLS, name);

/** Preloaded into each tool. The reader of its output may end first, as `head -1` does; then its last lines go nowhere. */
const OUTLIVES_ITS_READER =
  'data:text/javascript,for(const stream of [process.stdout,process.stderr])stream.on("error",()=>undefined)';

/** Resolves to the exit code of the tool. */
export const toolCommand = async (tool: ToolName, args: string[]): Promise<number> => {
  const { project, built, firstArgs } = TOOLS[tool];
  if (built.length > 0) await build(...built);
  const main = join('tools', project, 'src', 'main.ts');
  const child = spawn(process.execPath, ['--import', OUTLIVES_ITS_READER, main, ...firstArgs, ...args], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return (await new Promise<number | null>((resolve) => child.once('close', resolve))) ?? 1;
};
