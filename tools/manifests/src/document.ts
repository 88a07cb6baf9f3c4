/** Any value of a document, as YAML has it. */
export type Value = string | number | boolean | null | undefined | readonly Value[] | Fields;
export interface Fields {
  [field: string]: Value;
}

/** One document of a rendered overlay. */
export interface Manifest extends Fields {
  apiVersion: string;
  kind: string;
  metadata: Fields & { name: string; namespace?: string; labels?: Readonly<Record<string, string>> };
}

const isFields = (value: Value): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields at a path of names and places, or none. */
export const fieldsAt = (value: Value, ...path: (string | number)[]): Fields => {
  const found = valueAt(value, ...path);
  return isFields(found) ? found : {};
};

/** The list at a path, or an empty one. */
export const listAt = (value: Value, ...path: (string | number)[]): readonly Value[] => {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
};

/** The lists of objects of Kubernetes hold objects only; anything else is left out: the schemas refuse it. */
export const objectsAt = (value: Value, ...path: (string | number)[]): readonly Fields[] =>
  listAt(value, ...path).filter(isFields);

export const textAt = (value: Value, ...path: (string | number)[]): string => {
  const found = valueAt(value, ...path);
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
};

export const valueAt = (value: Value, ...path: (string | number)[]): Value => {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Fields)[step];
  }
  return found;
};

/** The string values of a map, such as labels. */
export const labelsAt = (value: Value, ...path: (string | number)[]): Record<string, string> =>
  Object.fromEntries(Object.entries(fieldsAt(value, ...path)).map(([key, one]) => [key, String(one)]));

/** As `kubectl` names an object: Deployment/gateway. */
export const nameOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;

export const ofKind = (documents: readonly Manifest[], ...kinds: string[]): Manifest[] =>
  documents.filter(({ kind }) => kinds.includes(kind));
