import type { Fields, Value } from '../document.ts';

/** What these hold is a schema or a document of its own, whose fields the outer schema does not list. */
const isOpen = (schema: Fields): boolean =>
  schema['additionalProperties'] !== undefined || schema['x-kubernetes-preserve-unknown-fields'] === true;

/**
 * Refuses unknown fields. The API server drops them without a word, so a misspelt field would do nothing.
 * `rename` gives each reference its new place.
 */
export const strictSchema = (schema: Value, rename: (reference: string) => string = (one) => one): Value => {
  if (Array.isArray(schema)) return schema.map((one) => strictSchema(one, rename));
  if (typeof schema !== 'object' || schema === null) return schema;
  const fields = schema as Fields;
  const changed: Fields = {};
  for (const [key, value] of Object.entries(fields)) {
    if (key === '$ref' && typeof value === 'string') changed[key] = rename(value);
    else if (key === 'properties')
      changed[key] = Object.fromEntries(
        Object.entries(value as Fields).map(([name, one]) => [name, strictSchema(one, rename)]),
      );
    else if (key === 'enum' || key === 'default') changed[key] = value;
    else changed[key] = strictSchema(value, rename);
  }
  if (fields['properties'] && fields['type'] !== undefined && !isOpen(fields)) changed['additionalProperties'] = false;
  return changed;
};
