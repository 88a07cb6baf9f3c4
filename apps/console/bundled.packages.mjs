import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** For programs: a list of name, version and license. For people: the texts. Both stand beside the page. */
const LIST = 'packages.json';
const TEXTS = 'licenses.txt';

/** Files of a package that say under which terms it may be copied. */
const TERMS = /^(?:licen[cs]e|copying|notice|copyright)/i;
/** Behind it Vite has the licenses of what is in Vite. Nothing of that is in the page. */
const OF_OTHERS = /^# Licenses of bundled dependencies$/m;

/** For a package that has no such file and says MIT: https://spdx.org/licenses/MIT.html */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files
(the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge,
publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE
FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION
WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/[^/]+|[^@/][^/]*)(?=\/)/;
/** What a build tool adds of its own, such as its loader of chunks. It is in no file of node_modules. */
const OF_TOOLS = /^(vite|rolldown)\//;

const { resolve } = createRequire(import.meta.url);

/**
 * The folder of the npm package that a module belongs to; undefined of Wiber's own modules.
 * @throws Error for a module of which nobody knows where it comes from
 */
const folderOf = (id, root) => {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '');
  const folder = PACKAGE.exec(path)?.[0];
  if (folder !== undefined) return folder;
  const tool = OF_TOOLS.exec(path)?.[1];
  if (tool !== undefined) return PACKAGE.exec(resolve(tool))[0];
  if (path.startsWith(`${root}/`)) return undefined;
  throw new Error(`the page has a module ${JSON.stringify(id)}, and it is not known which package it is of`);
};

const textOf = (folder, { name, license, author }) => {
  const texts = readdirSync(folder)
    .filter((file) => TERMS.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').split(OF_OTHERS)[0].trim());
  if (texts.length > 0) return texts.join('\n\n');
  if (license !== 'MIT') throw new Error(`the page has code of ${name}, which has no text of its license ${license}`);
  const by = typeof author === 'object' ? author.name : author;
  return `The package has no file with its license. Its package.json says MIT, by ${by ?? 'its contributors'}.\n\n${MIT}`;
};

const describe = (folder) => {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = manifest;
  if (typeof license !== 'string') throw new Error(`the page has code of ${name}, whose package.json has no license`);
  return { name, version, license, text: textOf(folder, manifest) };
};

/** The modules of which something is in the scripts: those that were left out as a whole are in no chunk. */
const scriptsIn = (bundle) =>
  Object.values(bundle)
    .filter(({ type }) => type === 'chunk')
    .flatMap(({ moduleIds }) => moduleIds);

/** A plugin of PostCSS that says from which files the rules are. One style sheet imports others, and those are no modules. */
const rulesFrom = (say) => ({
  postcssPlugin: 'wiber:origin-of-rules',
  OnceExit: (sheet) => sheet.walk(({ source }) => source?.input.file && say(source.input.file)),
});

/**
 * A plugin of Vite that writes, beside the page, which npm packages have code in it, and the texts of their licenses. It goes by
 * the modules of the build. A package without a license that can be given along ends the build.
 */
export const bundledPackages = () => {
  let root = '';
  const sheets = new Set();
  return {
    name: 'wiber:bundled-packages',
    apply: 'build',
    enforce: 'post',
    config: () => ({ css: { postcss: { plugins: [rulesFrom((file) => sheets.add(file))] } } }),
    configResolved: (config) => void (root = config.root),
    generateBundle(_options, bundle) {
      const folders = [...scriptsIn(bundle), ...sheets].map((id) => folderOf(id, root));
      const packages = [...new Set(folders)]
        .filter((folder) => folder !== undefined)
        .map(describe)
        .sort((one, other) => (one.name < other.name ? -1 : 1));
      const list = packages.map(({ name, version, license }) => ({ name, version, license }));
      const texts = packages.map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`);
      const head = 'The console of Wiber has code of these packages.\n';
      this.emitFile({ type: 'asset', fileName: LIST, source: `${JSON.stringify(list, undefined, 1)}\n` });
      this.emitFile({ type: 'asset', fileName: TEXTS, source: [head, ...texts].join(`\n${'-'.repeat(80)}\n\n`) });
    },
  };
};
