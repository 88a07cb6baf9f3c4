import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
}

export interface ImageParts {
  app: string;
  root: string;
  /** The folders of the npm packages in the image. */
  packages: readonly string[];
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

/**
 * The software bill of materials of one image: what `npm sbom` says of the installed packages, without those that are not in
 * the image, and with Node and the libraries of the system. It has neither a time nor a random number: the same content gives
 * the same file.
 * @throws Error when the image has a package that npm does not know
 */
export const billOfMaterials = (installed: Bom, parts: ImageParts): Bom => {
  const { app, root, packages, debian, distribution, nodeVersion } = parts;
  const references = new Set(packages.map((folder) => referenceOf(root, folder)));
  const known = new Set(installed.components.map((component) => component['bom-ref']));
  const unknown = [...references].filter((reference) => !known.has(reference));
  if (unknown.length > 0) throw new Error(`npm sbom names no ${unknown.join(', ')}, and the image has it`);
  const { serialNumber: _, ...document } = installed;
  const { timestamp: __, component, ...metadata } = installed.metadata;
  const system = [ofNode(nodeVersion), ...debian.map((each) => ofDebian(each, distribution))];
  const dependencies = installed.dependencies
    .filter(({ ref }) => references.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => references.has(each)) }));
  return {
    ...document,
    metadata: { ...metadata, component: { ...component, type: 'application', name: `wiber-${app}` } },
    components: [...installed.components.filter((each) => references.has(each['bom-ref'])), ...system],
    dependencies: [{ ref: component['bom-ref'], dependsOn: [...references].sort() }, ...dependencies],
  };
};
