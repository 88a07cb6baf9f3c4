import type { Fields, Manifest, Value } from '../document.ts';
import type { FindingCode } from '../rules/finding.ts';

/** A mistake that somebody may make in the manifests, and the finding that must name it. */
export interface PlantedMistake {
  name: string;
  code: FindingCode;
  overlay: 'dev' | 'production';
  /** Changes a copy of the documents of the overlay. */
  plant: (documents: Manifest[]) => void;
}

export const find = (documents: Manifest[], kind: string, name: string): Manifest => {
  const found = documents.find((one) => one.kind === kind && one.metadata.name === name);
  if (!found) throw new Error(`there is no ${kind}/${name} to change`);
  return found;
};

/** Sets a field of an object, or removes it when the value is undefined. */
export const set = (object: Value, path: readonly (string | number)[], value: Value): void => {
  const parent = path.slice(0, -1).reduce<Fields>((at, step) => at[step] as Fields, object as Fields);
  const last = path.at(-1)!;
  if (!(last in parent) && value === undefined) throw new Error(`there is no ${path.join('.')} to remove`);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
};

type Edit = readonly [kind: string, name: string, path: readonly (string | number)[], value: Value];
export const edit =
  (...[kind, name, path, value]: Edit) =>
  (documents: Manifest[]): void =>
    set(find(documents, kind, name), path, value);

export const CONTAINER = ['spec', 'template', 'spec', 'containers', 0] as const;
export const POD = ['spec', 'template', 'spec'] as const;

/** Adds a variable, or replaces it. */
export const variable = (app: string, name: string, value: string) => (documents: Manifest[]) => {
  const container = (find(documents, 'Deployment', app)['spec'] as Fields)['template'] as Fields;
  const [first] = (container['spec'] as Fields)['containers'] as Fields[];
  const others = (first!['env'] as Fields[]).filter((one) => one['name'] !== name);
  first!['env'] = [...others, { name, value }];
};

export const withoutVariable = (app: string, name: string) => (documents: Manifest[]) => {
  const template = (find(documents, 'Deployment', app)['spec'] as Fields)['template'] as Fields;
  const [first] = (template['spec'] as Fields)['containers'] as Fields[];
  first!['env'] = (first!['env'] as Fields[]).filter((one) => one['name'] !== name);
};

export const withoutDocument = (kind: string, name: string) => (documents: Manifest[]) => {
  documents.splice(documents.indexOf(find(documents, kind, name)), 1);
};
