import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONSOLE, type PagePackage } from './page.packages.ts';
import type { DebianPackage } from './system.files.ts';

/** The parts of a CycloneDX document that are read here: https://cyclonedx.org/docs/1.5/json/. */
export interface Bom {
  serialNumber?: string;
  metadata: { timestamp?: string; component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

interface Component {
  'bom-ref': string;
  type: string;
  name: string;
  version?: string;
  purl?: string;
  licenses?: unknown[];
  properties?: { name: string; value: string }[];
}

export interface ImageParts {
  app: string;
  root: string;
  /** The folders of the npm packages in the image. */
  packages: readonly string[];
  /** What is in the built page of the console; nothing in an image without it. */
  bundled: readonly PagePackage[];
  debian: readonly DebianPackage[];
  /** Of the system whose libraries are in the image. */
  distribution: { id: string; version: string };
  nodeVersion: string;
}

const referenceOf = (root: string, folder: string): string => {
  const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  return `${name}@${version}`;
};

const ofNode = (version: string): Component => ({
  'bom-ref': `node@${version}`,
  type: 'platform',
  name: 'node',
  version,
  purl: `pkg:generic/node@${version}`,
});

const ofDebian = (
  { name, version }: DebianPackage,
  { id, version: release }: ImageParts['distribution'],
): Component => ({
  'bom-ref': `${name}@${version}`,
  type: 'library',
  name,
  version,
  purl: `pkg:deb/${id}/${name}@${encodeURIComponent(version)}?distro=${id}-${release}`,
});

/** npm takes what a build tool bundles for a package of development only. Here it is what the page runs. */
const asBundled = (component: Component): Component => ({
  ...component,
  properties: [
    ...(component.properties ?? []).filter(({ name }) => name !== 'cdx:npm:package:development'),
    { name: 'wiber:bundled', value: `${CONSOLE}/dist` },
  ],
});

/**
 * The software bill of materials of one image: what `npm sbom` says of the installed packages, without those that are not in
 * the image, and with Node and the libraries of the system. What is bundled in the page of the console has no folder of its own
 * in the image; its components say where it is, and the console depends on them. It has neither a time nor a random number: the same content gives
 * the same file.
 * @throws Error when the image has a package that npm does not know
 */
export const billOfMaterials = (installed: Bom, parts: ImageParts): Bom => {
  const { app, root, packages, debian, distribution, nodeVersion } = parts;
  const bundled = new Set(parts.bundled.map(({ name, version }) => `${name}@${version}`));
  const page = bundled.size > 0 ? [referenceOf(root, CONSOLE)] : [];
  const loaded = new Set([...packages.map((folder) => referenceOf(root, folder)), ...page]);
  const references = new Set([...loaded, ...bundled]);
  const known = new Set(installed.components.map((component) => component['bom-ref']));
  const unknown = [...references].filter((reference) => !known.has(reference));
  if (unknown.length > 0) throw new Error(`npm sbom names no ${unknown.join(', ')}, and the image has it`);
  const { serialNumber: _, ...document } = installed;
  const { timestamp: __, component, ...metadata } = installed.metadata;
  const system = [ofNode(nodeVersion), ...debian.map((each) => ofDebian(each, distribution))];
  const dependencies = installed.dependencies
    .filter(({ ref }) => references.has(ref))
    .map(({ ref, dependsOn = [] }) => ({
      ref,
      dependsOn: page.includes(ref) ? [...bundled].sort() : dependsOn.filter((each) => references.has(each)),
    }));
  const components = installed.components
    .filter((each) => references.has(each['bom-ref']))
    .map((each) => (bundled.has(each['bom-ref']) ? asBundled(each) : each));
  return {
    ...document,
    metadata: { ...metadata, component: { ...component, type: 'application', name: `wiber-${app}` } },
    components: [...components, ...system],
    dependencies: [{ ref: component['bom-ref'], dependsOn: [...loaded].sort() }, ...dependencies],
  };
};
