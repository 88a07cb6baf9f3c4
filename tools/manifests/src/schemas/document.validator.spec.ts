import { describe, expect, it } from '@jest/globals';
import type { Fields, Manifest } from '../document.ts';
import { brokenCelRules } from './cel.rules.ts';
import { customSchemasOf } from './crd.reader.ts';
import { DocumentValidator, celRulesIn } from './document.validator.ts';

const text = { type: ['string', 'null'] };
const DEFINITIONS: Record<string, Fields> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': {
    type: 'object',
    properties: { name: text, labels: { type: 'object', additionalProperties: { type: 'string' } } },
  },
  'io.k8s.api.Thing': {
    type: 'object',
    properties: {
      apiVersion: text,
      kind: text,
      metadata: { $ref: '/api/_definitions.json#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
      size: { type: 'integer' },
    },
    required: ['size'],
    'x-kubernetes-group-version-kind': [{ group: 'things', version: 'v1', kind: 'Thing' }],
  },
};

const CRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: example.org
  names: { kind: Box }
  versions:
    - name: v1
      served: true
      schema:
        openAPIV3Schema:
          description: A box.
          type: object
          properties:
            apiVersion: { type: string }
            kind: { type: string }
            metadata: { type: object }
            spec:
              type: object
              properties:
                description: { type: string, description: A field of this name. }
                anything: { type: object, x-kubernetes-preserve-unknown-fields: true }
                frozen: { type: string, x-kubernetes-validations: [{ rule: self == oldSelf }] }
                odd: { type: string, x-kubernetes-validations: [{ rule: self.unheard() }] }
                sizes:
                  type: array
                  items:
                    type: object
                    properties: { least: { type: integer }, most: { type: integer, default: 10 } }
                    x-kubernetes-validations: [{ rule: self.least <= self.most, message: least is over most }]
    - { name: v1alpha1, served: false }
`;

const validator = new DocumentValidator(DEFINITIONS, customSchemasOf(CRD, 'a spec'));
const thing = (fields: Fields): Manifest => ({
  apiVersion: 'things/v1',
  kind: 'Thing',
  metadata: { name: 'one' },
  ...fields,
});
const box = (spec: Fields, metadata: Fields = {}): Manifest =>
  ({ apiVersion: 'example.org/v1', kind: 'Box', metadata: { name: 'one', ...metadata }, spec }) as Manifest;
const messages = (document: Manifest): string[] => validator.findingsOf(document).map(({ message }) => message);

describe('a document', () => {
  it('that fits its schema has no finding', () => {
    expect(messages(thing({ size: 1 }))).toEqual([]);
    expect(messages(box({ description: 'red', anything: { at: 'all' } }))).toEqual([]);
  });

  it('with an unknown field, a wrong type or a missing field is refused, at any depth', () => {
    expect(messages(thing({ size: '1' }))).toEqual(['/size must be integer']);
    expect(messages(thing({}))).toEqual(["/ must have required property 'size'"]);
    expect(messages(thing({ size: 1, sise: 2 }))).toEqual(['/ must NOT have additional properties: sise']);
    expect(messages(box({ colour: 'red' }))).toEqual(['/spec must NOT have additional properties: colour']);
  });

  it('has the metadata of every object, also a custom resource', () => {
    expect(messages(box({}, { label: {} }))).toEqual(['/metadata must NOT have additional properties: label']);
  });

  it('of a kind or version without a schema is a finding, never skipped', () => {
    expect(validator.findingsOf({ ...thing({}), apiVersion: 'things/v2' })).toEqual([
      {
        code: 'kind_unknown',
        where: 'Thing/one',
        message: 'there is no Thing in things/v2; use a version that is served',
      },
    ]);
    expect(validator.findingsOf({ ...box({}), apiVersion: 'example.org/v1alpha1' })[0]?.code).toBe('kind_unknown');
  });
});

describe('a rule in CEL', () => {
  const schema = customSchemasOf(CRD, 'a spec').map((one) => one.schema)[0]!;

  it('that a document breaks is a finding, at any depth, with the message of the rule', () => {
    expect(brokenCelRules(box({ sizes: [{ least: 1, most: 2 }] }), schema)).toEqual([]);
    expect(brokenCelRules(box({ sizes: [{ least: 1 }, { least: 3, most: 2 }] }), schema)).toEqual([
      '/spec/sizes/1 least is over most',
    ]);
  });

  it('sees the defaults of the schema, as the API server sets them before', () => {
    expect(brokenCelRules(box({ sizes: [{ least: 11 }] }), schema)).toEqual(['/spec/sizes/0 least is over most']);
  });

  it('about an update says nothing of a new object, and one that can not be evaluated is broken', () => {
    expect(brokenCelRules(box({ frozen: 'yes' }), schema)).toEqual([]);
    expect(brokenCelRules(box({ odd: 'yes' }), schema)).toEqual([
      expect.stringContaining('/spec/odd it breaks the rule self.unheard()'),
    ]);
  });
});

it('a schema loses its descriptions, and keeps fields of that name and its rules in CEL', () => {
  const [schema] = customSchemasOf(CRD, 'a spec');
  expect(JSON.stringify(schema)).not.toContain('A box.');
  expect(celRulesIn(schema)).toBe(3);
});
