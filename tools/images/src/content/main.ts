// Runs while an image is built, in the stage that has the whole workspace: node tools/images/src/content/main.ts gateway /image.
// It writes the files of the image below that folder.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { filesOfApp } from './app.files.ts';
import { billOfMaterials, type Bom } from './bill.of.materials.ts';
import { CONSOLE, packagesOfPage } from './page.packages.ts';
import { SYSTEM_TEXTS, distributionOf, systemFiles } from './system.files.ts';

/** Where the image has the workspace, and the list of what is in the image. */
const HOME = 'wiber';
const SBOM = 'usr/share/doc/wiber/sbom.cdx.json';

const [app = '', to = ''] = process.argv.slice(2);
if (!/^(gateway|ingest|metrics)$/.test(app) || to === '') {
  process.stderr.write('images: name the app and the folder of the image: gateway|ingest|metrics FOLDER\n');
  process.exit(2);
}

const root = resolve(import.meta.dirname, '..', '..', '..', '..');
const image = resolve(to);

const writeText = (path: string, text: string): void => {
  mkdirSync(dirname(join(image, path)), { recursive: true });
  writeFileSync(join(image, path), text);
};

const copy = (from: string, path: string): void => {
  const target = join(image, path);
  mkdirSync(dirname(target), { recursive: true });
  if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), target);
  else cpSync(from, target);
};

const { files, packages } = await filesOfApp(root, app);
const bundled = app === 'gateway' ? packagesOfPage(join(root, CONSOLE, 'dist')) : [];
for (const file of files) copy(join(root, file), join(HOME, file));
// The same command in each image: CMD replaces no variables.
symlinkSync(`apps/${app}/dist/main.js`, join(image, HOME, 'main.js'));

const system = systemFiles();
copy(realpathSync(process.execPath), 'usr/local/bin/node');
// A link among the libraries is replaced by its file: what it points to need not be in the image.
for (const file of system.files) copy(realpathSync(file), file);
for (const { name, status } of system.packages) writeText(`var/lib/dpkg/status.d/${name}`, status);
for (const [path, text] of Object.entries(SYSTEM_TEXTS)) writeText(path, text);
mkdirSync(join(image, 'tmp'));
chmodSync(join(image, 'tmp'), 0o1777);

const installed = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }),
) as Bom;
const bill = billOfMaterials(installed, {
  app,
  root,
  packages,
  bundled,
  debian: system.packages,
  distribution: distributionOf(),
  nodeVersion: process.versions.node,
});
writeText(SBOM, `${JSON.stringify(bill, undefined, 1)}\n`);
process.stdout.write(
  `${app}: ${files.length} files of ${packages.length} packages, ${bundled.length} packages in the page, ` +
    `${system.files.length} files of the system\n`,
);
