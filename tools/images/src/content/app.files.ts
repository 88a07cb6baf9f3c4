import { globSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFileTrace } from '@vercel/nft';

/** Files of an app that no import names. Those of Swagger UI and of the console are read by the gateway at its start. */
const READ_AT_START: Readonly<Record<string, readonly string[]>> = {
  gateway: [
    'node_modules/swagger-ui-dist/{index.html,index.css,swagger-ui.css,favicon-*.png}',
    'node_modules/swagger-ui-dist/swagger-{initializer,ui-bundle,ui-standalone-preset}.js',
    'apps/console/dist/**/*.{html,js,css,svg,png,ico,woff2,json,webmanifest,txt}',
  ],
};

/** The licences of most packages ask that their text goes with each copy. */
const LICENCES = '{LICEN[CS]E,licen[cs]e,Licen[cs]e,COPYING,NOTICE}*';

/** The folder of the npm package that a file belongs to, such as node_modules/@nestjs/core; a library of Wiber is a link. */
export const packageFolderOf = (file: string): string | undefined =>
  /^(?:.*\/)?node_modules\/(?:@[^/]+\/[^/]+|[^@/][^/]*)(?=\/|$)/.exec(file)?.[0];

const isLink = (folder: string): boolean => /(?:^|\/)node_modules\/@wiber\/[^/]+$/.test(folder);

export interface AppFiles {
  /** Paths of files and links, relative to the root of the workspace. */
  files: string[];
  /** The folders of the npm packages among them, and the links to the libraries of Wiber. */
  packages: string[];
}

/**
 * The files that an app loads, found by its imports from the built main module on. An import whose package is not installed
 * is left out: it belongs to a feature that the app does not use, as that of Nest for another transport.
 */
export const filesOfApp = async (root: string, app: string): Promise<AppFiles> => {
  const main = `apps/${app}/dist/main.js`;
  if (!existsSync(join(root, main))) throw new Error(`there is no ${main}; build the app first`);
  const { fileList } = await nodeFileTrace([join(root, main)], { base: root });
  const read = (READ_AT_START[app] ?? []).flatMap((pattern) => globSync(pattern, { cwd: root }));
  const loaded = [...fileList, ...read, `apps/${app}/package.json`, 'package.json', 'docker/healthcheck.mjs'];
  const packages = [...new Set(loaded.flatMap((file) => packageFolderOf(file) ?? []))].sort();
  const described = packages
    .filter((folder) => !isLink(folder))
    .flatMap((folder) => [`${folder}/package.json`, ...globSync(`${folder}/${LICENCES}`, { cwd: root })]);
  // A stack trace names the lines of Wiber's sources; the maps of other packages are left out.
  const maps = loaded.filter((file) => /^(?:apps|libs)\/.*\.js$/.test(file)).map((file) => `${file}.map`);
  const present = [...new Set([...loaded, ...described, ...maps])].filter((file) => existsSync(join(root, file)));
  return { files: present.sort(), packages };
};
