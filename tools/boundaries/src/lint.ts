import { join } from 'node:path';
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import type { Planted } from './lint.case.ts';

export const WORKSPACE = join(import.meta.dirname, '../../..');

/** The roots of all projects, from a graph computed now: the Nx rule reads the cached one and must not find an old one. */
export async function currentProjectRoots(): Promise<string[]> {
  process.env.NX_DAEMON = 'false';
  const { nodes } = await createProjectGraphAsync({ exitOnError: false });
  return Object.values(nodes)
    .map((node) => node.data.root)
    .sort();
}

export interface Lint {
  /** The rules that refuse the code, as `rule messageId`, once each. Nothing is written to disk. */
  refusals(planted: Planted): Promise<string[]>;
  /** The rules that would only warn in this file. */
  warnings(file: string): Promise<string[]>;
}

/** The workspace's own lint set-up. A planted file is part of no TypeScript program, so most are linted without types. */
export function workspaceLint({ without }: { without: readonly string[] }): Lint {
  const asItIs = new ESLint({ cwd: WORKSPACE });
  const withoutTypes = new ESLint({
    cwd: WORKSPACE,
    overrideConfig: [
      { files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked },
      { rules: Object.fromEntries(without.map((rule) => [rule, 'off' as const])) },
    ],
  });
  return {
    async refusals({ code, file, needsTypes }) {
      const eslint = needsTypes ? asItIs : withoutTypes;
      const [result] = await eslint.lintText(code, { filePath: join(WORKSPACE, file), warnIgnored: true });
      const found = (result?.messages ?? []).map((each) =>
        `${each.ruleId ?? each.message} ${each.messageId ?? ''}`.trim(),
      );
      return [...new Set(found)].sort();
    },
    async warnings(file) {
      const config = (await asItIs.calculateConfigForFile(join(WORKSPACE, file))) as {
        rules: Record<string, [number, ...unknown[]]>;
      };
      return Object.entries(config.rules)
        .filter(([, [severity]]) => severity === 1)
        .map(([rule]) => rule);
    },
  };
}
