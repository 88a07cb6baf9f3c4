import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

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

interface Schema {
  properties?: Record<string, { description?: string; example?: unknown; $ref?: string; type?: string }>;
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

/** Compares answers with the document's declarations. */
export class DeclaredAnswers {
  private readonly document: Document;
  private readonly ajv: Ajv2020;
  private readonly validators = new Map<object, ValidateFunction>();

  constructor(document: Document) {
    this.document = document;
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(this.ajv);
    this.ajv.addSchema(document, 'document');
  }

  /** A line for each difference between an answer and its declaration. */
  async faultsOf(answer: Response, { path, method }: { path: string; method: string }): Promise<string[]> {
    const at = `${method} ${path} ${answer.status}`;
    const declared = this.document.paths[path]?.[method]?.responses[String(answer.status)];
    if (!declared) return [`${at} is not declared`];
    const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
    const media = declared.content?.[type];
    if (!media) return [`${at} has ${type}, declared is ${Object.keys(declared.content ?? {}).join(', ')}`];
    const body: unknown = type.endsWith('json') ? await answer.json() : await answer.text();
    const validate = this.validatorOf(media.schema);
    const headers = Object.entries(declared.headers ?? {})
      .filter(([name]) => name === 'X-Request-Id' && !answer.headers.has(name))
      .map(([name]) => `${at} lacks ${name}`);
    if (validate(body)) return headers;
    return [...headers, `${at}: ${this.ajv.errorsText(validate.errors)} in ${JSON.stringify(body).slice(0, 300)}`];
  }

  private validatorOf(schema: object): ValidateFunction {
    const present = this.validators.get(schema);
    if (present) return present;
    const text = JSON.stringify(schema).replaceAll('"#/', '"document#/');
    const validate = this.ajv.compile(JSON.parse(text) as object);
    this.validators.set(schema, validate);
    return validate;
  }
}
