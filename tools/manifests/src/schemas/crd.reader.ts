import { parseAllDocuments } from 'yaml';
import { fieldsAt, objectsAt, textAt, type Fields, type Value } from '../document.ts';

/** The schema of one version of one custom resource. */
export interface CustomSchema {
  group: string;
  version: string;
  kind: string;
  /** The package and version that the definition comes from. */
  source: string;
  /** The openAPIV3Schema, without its descriptions. */
  schema: Fields;
}

/** Names of fields are kept: a field may be called `description`. */
const withoutDescriptions = (value: Value, isMap = false): Value => {
  if (Array.isArray(value)) return value.map((one) => withoutDescriptions(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isMap || !['description', 'example', 'externalDocs'].includes(key))
      .map(([key, one]) => [key, withoutDescriptions(one, !isMap && key === 'properties')]),
  );
};

/** The served versions of the CustomResourceDefinitions in a stream of YAML. */
export const customSchemasOf = (yaml: string, source: string): CustomSchema[] =>
  parseAllDocuments(yaml)
    .map((document) => document.toJS() as Fields | null)
    .filter((document) => document?.['kind'] === 'CustomResourceDefinition')
    .flatMap((definition) =>
      objectsAt(definition, 'spec', 'versions')
        .filter(({ served }) => served === true)
        .map((version) => ({
          group: textAt(definition, 'spec', 'group'),
          version: textAt(version, 'name'),
          kind: textAt(definition, 'spec', 'names', 'kind'),
          source,
          schema: withoutDescriptions(fieldsAt(version, 'schema', 'openAPIV3Schema')) as Fields,
        })),
    );
