import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the page that the gateway serves. */
export const CONSOLE = 'apps/console';

/** An npm package of which code is in the page. */
export interface PagePackage {
  name: string;
  version: string;
  license: string;
}

/**
 * What the build of the page says of itself. It wrote the texts of the licenses beside it.
 * @param folder that of the built page
 * @throws Error where the page is not built
 */
export const packagesOfPage = (folder: string): PagePackage[] => {
  const list = join(folder, 'packages.json');
  if (!existsSync(list)) throw new Error(`there is no ${list}; build the console first`);
  return JSON.parse(readFileSync(list, 'utf8')) as PagePackage[];
};
