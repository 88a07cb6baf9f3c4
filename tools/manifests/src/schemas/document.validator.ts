import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { nameOf, objectsAt, textAt, type Fields, type Manifest } from '../document.ts';
import type { Finding } from '../rules/finding.ts';
import { brokenCelRules } from './cel.rules.ts';
import type { CustomSchema } from './crd.reader.ts';
import { goPattern } from './go.pattern.ts';
import { strictSchema } from './strict.schema.ts';

const DEFINITIONS = 'kubernetes';
const METADATA = `${DEFINITIONS}#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta`;

const keyOf = (apiVersion: string, kind: string): string => `${apiVersion} ${kind}`;

const message = ({ instancePath, message: what, params }: ErrorObject): string => {
  const unknown = (params as { additionalProperty?: string }).additionalProperty;
  return `${instancePath || '/'} ${what}${unknown === undefined ? '' : `: ${unknown}`}`;
};

/** A custom resource is an object of the API server, which checks its metadata by its own schema. */
const customResource = (schema: Fields): Fields => {
  const strict = strictSchema(schema) as Fields;
  return { ...strict, properties: { ...(strict['properties'] as Fields), metadata: { $ref: METADATA } } };
};

/** Checks documents against the schemas of one version of Kubernetes and of custom resources. */
export class DocumentValidator {
  private readonly ajv = new Ajv2020({
    ...{ strict: false, validateFormats: false, allErrors: true, inlineRefs: false },
    code: { regExp: goPattern },
  });
  private readonly schemas = new Map<string, () => ValidateFunction>();
  private readonly custom = new Map<string, Fields>();

  constructor(definitions: Readonly<Record<string, Fields>>, custom: readonly CustomSchema[]) {
    const rename = (reference: string) => `${DEFINITIONS}${reference.slice(reference.indexOf('#'))}`;
    this.ajv.addSchema({ $id: DEFINITIONS, $defs: strictSchema(definitions as Fields, rename) });
    for (const [name, definition] of Object.entries(definitions)) {
      for (const each of objectsAt(definition, 'x-kubernetes-group-version-kind')) {
        const [group, version, kind] = ['group', 'version', 'kind'].map((field) => textAt(each, field));
        const key = keyOf(group ? `${group}/${version}` : version!, kind!);
        this.schemas.set(key, () => this.ajv.compile({ $ref: `${DEFINITIONS}#/$defs/${name}` }));
      }
    }
    for (const { group, version, kind, schema } of custom) {
      const key = keyOf(`${group}/${version}`, kind);
      this.custom.set(key, schema);
      this.schemas.set(key, () => this.ajv.compile(customResource(schema)));
    }
  }

  /** No document is skipped: one without a schema is a finding. */
  findingsOf(document: Manifest): Finding[] {
    const { apiVersion, kind } = document;
    const where = nameOf(document);
    const compile = this.schemas.get(keyOf(apiVersion, kind));
    if (!compile)
      return [
        { code: 'kind_unknown', where, message: `there is no ${kind} in ${apiVersion}; use a version that is served` },
      ];
    const validate = compile();
    this.schemas.set(keyOf(apiVersion, kind), () => validate);
    // The API server evaluates CEL only once the document fits its schema.
    if (validate(document))
      return brokenCelRules(document, this.custom.get(keyOf(apiVersion, kind)) ?? {}).map((rule) => ({
        code: 'schema_violation',
        where,
        message: rule,
      }));
    return (validate.errors ?? []).map((error) => ({ code: 'schema_violation', where, message: message(error) }));
  }
}

/** How many rules in CEL a schema holds. */
export const celRulesIn = (schema: unknown): number => (JSON.stringify(schema).match(/"rule":"/g) ?? []).length;
