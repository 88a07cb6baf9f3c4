import { globSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeSettings, type SettingDescription } from './setting.description.ts';
import { TOOL_SETTINGS } from './tool.settings.ts';

/**
 * Loads what every *.env.ts exports under a name that ends in _SETTINGS.
 * @param apps the folder of each app to load from: its sources, or what was built of them. Node runs the sources of a tool
 * as they are; those of an app have decorators, which it does not run.
 */
export const loadSettings = async (root: string, apps: 'src' | 'dist'): Promise<SettingDescription[]> => {
  const files = [
    ...globSync(`apps/*/${apps}/*.env.${apps === 'src' ? 'ts' : 'js'}`, { cwd: root }),
    ...globSync('tools/*/src/**/*.env.ts', { cwd: root }),
  ];
  const found: SettingDescription[] = [];
  for (const file of files.toSorted()) {
    const loaded = (await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>;
    const [, project = file] = file.split(sep);
    const exported = Object.entries(loaded).filter(([name]) => name.endsWith('_SETTINGS'));
    if (exported.length === 0)
      throw new Error(`${file} exports no settings as data, under a name that ends in _SETTINGS`);
    for (const [, settings] of exported) found.push(...describeSettings(project, settings as object));
  }
  for (const [reader, settings] of Object.entries(TOOL_SETTINGS)) found.push(...describeSettings(reader, settings));
  return found;
};
