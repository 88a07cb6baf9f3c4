import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { Manifest } from '../document.ts';
import { ManifestsError } from '../manifests.errors.ts';
import type { KustomizeCommand } from './kustomize.program.ts';

/** What an installer makes before the first apply. */
export interface GivenObject {
  kind: 'Secret' | 'ConfigMap';
  name: string;
  keys: readonly string[];
  why: string;
}

/** An overlay as a cluster gets it. */
export interface Overlay {
  name: string;
  namespace: string;
  documents: readonly Manifest[];
  given: readonly GivenObject[];
}

/** The documents of a stream of YAML. @throws ManifestsError for a document that can't be read, or has no kind or name */
export const readDocuments = (text: string, source: string): Manifest[] =>
  parseAllDocuments(text).map((document, index) => {
    const [error] = document.errors;
    if (error) throw new ManifestsError(`${source}, document ${index + 1}: ${error.message}`);
    const manifest = document.toJS() as Manifest | null;
    if (!manifest?.apiVersion || !manifest.kind || !manifest.metadata?.name)
      throw new ManifestsError(`${source}, document ${index + 1}: it has no apiVersion, kind or name`);
    return manifest;
  });

/** The folders of k8s/overlays. */
export const overlayNames = (root: string): string[] => readdirSync(join(root, 'k8s', 'overlays')).toSorted();

/** @throws ManifestsError with what kustomize says, when it refuses the overlay */
export const renderOverlay = (root: string, name: string, [program = '', ...args]: KustomizeCommand): Overlay => {
  const folder = join(root, 'k8s', 'overlays', name);
  const { status, stdout, stderr } = spawnSync(program, [...args, folder], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  if (status !== 0) throw new ManifestsError(`kustomize refuses the overlay ${name}: ${stderr.trim()}`);
  const documents = readDocuments(stdout, `the overlay ${name}`);
  const namespaces = documents.filter(({ kind }) => kind === 'Namespace');
  if (namespaces.length !== 1) throw new ManifestsError(`the overlay ${name} needs exactly one Namespace`);
  const file = join(folder, 'given-objects.yaml');
  const given = existsSync(file) ? (parse(readFileSync(file, 'utf8')) as GivenObject[]) : [];
  return { name, namespace: namespaces[0]!.metadata.name, documents, given };
};
