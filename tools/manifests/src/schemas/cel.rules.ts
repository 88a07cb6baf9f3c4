import { celEnv, isCelError, parse, plan, type CelInput } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { fieldsAt, objectsAt, textAt, type Fields, type Value } from '../document.ts';

const ENVIRONMENT = celEnv({ funcs: strings });

const isFields = (value: Value): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema of a field: one of its own, or that of every further field. */
const schemaOf = (schema: Fields, field: string): Fields => {
  const own = fieldsAt(schema, 'properties', field);
  return Object.keys(own).length > 0 ? own : fieldsAt(schema, 'additionalProperties');
};

/** As the API server does before it validates: a missing field gets the default of its schema. */
export const withDefaults = (value: Value, schema: Fields): Value => {
  if (Array.isArray(value)) return value.map((one) => withDefaults(one, fieldsAt(schema, 'items')));
  if (!isFields(value)) return value;
  const missing = Object.entries(fieldsAt(schema, 'properties')).filter(
    ([field, one]) => value[field] === undefined && isFields(one) && one['default'] !== undefined,
  );
  const filled: Fields = {
    ...value,
    ...Object.fromEntries(missing.map(([field, one]) => [field, (one as Fields)['default']])),
  };
  return Object.fromEntries(
    Object.entries(filled).map(([field, one]) => [field, withDefaults(one, schemaOf(schema, field))]),
  );
};

/** CEL has integers of its own: those of a schema become bigint. */
const celValue = (value: Value, schema: Fields): CelInput => {
  if (Array.isArray(value)) return value.map((one) => celValue(one, fieldsAt(schema, 'items')));
  if (isFields(value))
    return Object.fromEntries(
      Object.entries(value).map(([field, one]) => [field, celValue(one, schemaOf(schema, field))]),
    );
  const isInteger = schema['type'] === 'integer' || schema['x-kubernetes-int-or-string'] === true;
  return typeof value === 'number' && isInteger ? BigInt(value) : ((value ?? null) as CelInput);
};

const holds = (rule: string, self: CelInput): boolean | string => {
  const result = plan(ENVIRONMENT, parse(rule))({ self });
  return isCelError(result) ? result.message : result === true;
};

const brokenHere = (value: Value, schema: Fields, path: string): string[] =>
  objectsAt(schema, 'x-kubernetes-validations')
    // A rule about the value before an update says nothing of a new object.
    .filter((one) => !/\boldSelf\b/.test(textAt(one, 'rule')))
    .flatMap((one) => {
      const rule = textAt(one, 'rule');
      const held = holds(rule, celValue(value, schema));
      if (held === true) return [];
      const why = textAt(one, 'message') || `it breaks the rule ${rule}`;
      return [`${path || '/'} ${held === false ? why : `${why} (${held})`}`];
    });

const broken = (value: Value, schema: Fields, path: string): string[] => {
  if (value === undefined || value === null) return [];
  const inner = Array.isArray(value)
    ? value.flatMap((one, place) => broken(one, fieldsAt(schema, 'items'), `${path}/${place}`))
    : isFields(value)
      ? Object.entries(value).flatMap(([field, one]) => broken(one, schemaOf(schema, field), `${path}/${field}`))
      : [];
  return [...brokenHere(value, schema, path), ...inner];
};

/**
 * The rules in CEL of a schema that a document breaks, as sentences. A rule that can't be evaluated is broken, too.
 * Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
 */
export const brokenCelRules = (document: Value, schema: Fields): string[] =>
  broken(withDefaults(document, schema), schema, '');
