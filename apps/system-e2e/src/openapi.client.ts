import { Ajv2020, type ErrorObject, type FuncKeywordDefinition, type ValidateFunction } from 'ajv/dist/2020.js';
import type { DataValidateFunction } from 'ajv/dist/types/index.js';
import addFormats from 'ajv-formats';
import { eventsOf } from './event.stream.ts';

interface ParameterSchema {
  type?: string;
  enum?: readonly string[];
  example?: unknown;
  default?: unknown;
  properties?: Record<string, object>;
  anyOf?: ParameterSchema[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description?: string;
  required?: boolean;
  /** True for a group: the fields of its schema are the parameters. */
  explode?: boolean;
  schema: ParameterSchema;
  example?: unknown;
}

interface Media {
  schema: object;
  example?: unknown;
}

export interface DescribedResponse {
  description: string;
  headers?: Record<string, { description?: string; schema: object }>;
  content?: Record<string, Media>;
}

export interface Operation {
  summary?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, DescribedResponse>;
}

interface Reference {
  $ref?: string;
}

interface FieldSchema extends Reference {
  description?: string;
  example?: unknown;
  type?: string;
  items?: Reference;
  allOf?: Reference[];
}

interface Schema {
  properties?: Record<string, FieldSchema>;
}

export interface Document {
  openapi: string;
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export const documentOf = async (url: string): Promise<Document> =>
  (await (await fetch(`${url}/docs-json`)).json()) as Document;

const fieldsOf = ({ properties = {}, anyOf = [] }: ParameterSchema): string[] => [
  ...new Set([...Object.keys(properties), ...anyOf.flatMap(fieldsOf)]),
];

/** The names of the query parameters of an operation. */
export const queryNamesOf = ({ parameters = [] }: Operation): string[] =>
  parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap(({ name, explode, schema }) => (explode ? fieldsOf(schema) : [name]));

const DOCUMENT = 'document';

/** A copy in which no object may have a field that is not declared. */
const closed = (document: Document): Document => {
  const close = (_: string, value: unknown): unknown => {
    const { type, properties, additionalProperties } = (value ?? {}) as Record<string, unknown>;
    if (type !== 'object' || properties === undefined || additionalProperties !== undefined) return value;
    return { ...(value as object), additionalProperties: false };
  };
  return JSON.parse(JSON.stringify(document), close) as Document;
};

/** Ajv reads over `contentSchema`: JSON in a string would not be checked. */
const contentSchema = (ajv: Ajv2020): FuncKeywordDefinition => ({
  keyword: 'contentSchema',
  type: 'string',
  schemaType: 'object',
  compile: ({ $ref }: { $ref: string }) => {
    const check: DataValidateFunction = (data: string) => {
      const validate = ajv.getSchema(DOCUMENT + $ref)!;
      if (validate(JSON.parse(data))) return true;
      check.errors = validate.errors ?? [];
      return false;
    };
    return check;
  },
});

/** Compares answers with the document's declarations. A field that is not declared is a fault. */
export class DeclaredAnswers {
  private readonly document: Document;
  private readonly ajv: Ajv2020;
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(document: Document) {
    this.document = closed(document);
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(this.ajv);
    this.ajv.removeKeyword('contentSchema');
    this.ajv.addKeyword(contentSchema(this.ajv));
    this.ajv.addSchema(this.document, DOCUMENT);
  }

  /** A line for each difference between an answer and its declaration. */
  async faultsOf(answer: Response, { path, method }: { path: string; method: string }): Promise<string[]> {
    const at = `${method} ${path} ${answer.status}`;
    const declared = this.document.paths[path]?.[method]?.responses[String(answer.status)];
    if (!declared) return [`${at} is not declared`];
    const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
    const media = declared.content?.[type];
    if (!media) return [`${at} has ${type}, declared is ${Object.keys(declared.content ?? {}).join(', ')}`];
    const headers = Object.entries(declared.headers ?? {})
      .filter(([name]) => name === 'X-Request-Id' && !answer.headers.has(name))
      .map(([name]) => `${at} lacks ${name}`);
    return [
      ...headers,
      ...(await bodiesOf(answer, type)).flatMap((body) => this.faultsOfValue(body, media.schema, at)),
    ];
  }

  /** A line for each difference between a value and a schema, as `{ $ref: '#/components/schemas/LookDto' }`. */
  faultsOfValue(value: unknown, schema: object, at = ''): string[] {
    const validate = this.validatorOf(schema);
    if (validate(value)) return [];
    const faults = (validate.errors ?? []).map(faultText).join(', ');
    return [`${at}: ${faults} in ${JSON.stringify(value).slice(0, 300)}`];
  }

  /** The fields of a schema, and of those it refers to, that none of the values has, as `LookDto.leader`. */
  missingFields(name: string, values: readonly object[]): string[] {
    const fields = Object.entries(this.document.components.schemas[name]?.properties ?? {});
    return fields.flatMap(([field, { $ref, allOf = [], items }]) => {
      const found = values.filter((value) => field in value) as Record<string, object | object[]>[];
      const own = found.length > 0 ? [] : [`${name}.${field}`];
      const reference = $ref ?? allOf[0]?.$ref ?? items?.$ref;
      if (reference === undefined) return own;
      const inner = found.flatMap((value) => value[field]!);
      return [...own, ...this.missingFields(reference.split('/').at(-1)!, inner)];
    });
  }

  private validatorOf(schema: object): ValidateFunction {
    const text = JSON.stringify(schema).replaceAll('"#/', `"${DOCUMENT}#/`);
    const validate = this.validators.get(text) ?? this.ajv.compile(JSON.parse(text) as object);
    this.validators.set(text, validate);
    return validate;
  }
}

const faultText = ({ instancePath, message, params }: ErrorObject): string => {
  const { additionalProperty } = params as { additionalProperty?: string };
  return `${instancePath} ${additionalProperty === undefined ? message : `has ${additionalProperty}, which is not declared`}`;
};

/** What a schema describes: the answer as a whole, or each event of a stream. */
const bodiesOf = async (answer: Response, type: string): Promise<unknown[]> => {
  if (type.endsWith('json')) return [await answer.json()];
  const text = await answer.text();
  return type === 'text/event-stream' ? eventsOf(text) : [text];
};
