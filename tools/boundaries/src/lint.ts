import { join } from 'node:path';
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import type { LintCase } from './lint.case.ts';

export const WORKSPACE = join(import.meta.dirname, '../../..');

/** The roots of all projects. It also makes the project graph anew, because the Nx rules read the cached graph. */
export async function currentProjectRoots(): Promise<string[]> {
  process.env.NX_DAEMON = 'false';
  const { nodes } = await createProjectGraphAsync({ exitOnError: false });
  return Object.values(nodes)
    .map((node) => node.data.root)
    .sort();
}

export interface Lint {
  /** The refusals of the code, as `rule messageId`, sorted and without repeats. */
  refusals(lintCase: LintCase): Promise<string[]>;
  /** The rules that only warn in this file. */
  warnings(file: string): Promise<string[]>;
}

/** The workspace's lint set-up. Files that are not on disk have no types, so most cases are linted without types. */
export function workspaceLint({ without }: { without: readonly string[] }): Lint {
  const withTypes = new ESLint({ cwd: WORKSPACE });
  const withoutTypes = new ESLint({
    cwd: WORKSPACE,
    overrideConfig: [
      { files: ['**/*.{ts,tsx}'], ...tseslint.configs.disableTypeChecked },
      { rules: Object.fromEntries(without.map((rule) => [rule, 'off' as const])) },
    ],
  });
  return {
    async refusals({ code, file, needsTypes }) {
      const eslint = needsTypes ? withTypes : withoutTypes;
      const [result] = await eslint.lintText(code, { filePath: join(WORKSPACE, file), warnIgnored: true });
      const refusals = (result?.messages ?? []).map(({ ruleId, message, messageId }) =>
        `${ruleId ?? message} ${messageId ?? ''}`.trim(),
      );
      return [...new Set(refusals)].sort();
    },
    async warnings(file) {
      const config = (await withTypes.calculateConfigForFile(join(WORKSPACE, file))) as {
        rules: Record<string, [number, ...unknown[]]>;
      };
      return Object.entries(config.rules)
        .filter(([, [severity]]) => severity === 1)
        .map(([rule]) => rule);
    },
  };
}
