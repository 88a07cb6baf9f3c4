import type { Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv, type ValidateFunction } from 'ajv';
import { BodyReader } from './body.reader.ts';
import { DOCS_PATHS } from './docs.pages.ts';
import { RouteTable } from './route.table.ts';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const SCHEMAS = '#/components/schemas/';

/** What the gateway takes over HTTP, made once from the OpenAPI document: its routes, and a reader of each body. */
export class HttpContract {
  readonly document: OpenAPIObject;
  private readonly routes: RouteTable;
  private readonly bodies: ReadonlyMap<string, BodyReader<object>>;

  /** @param pages more paths that take GET and are not in the document; one that ends with `*` stands for all that begin so */
  constructor(document: OpenAPIObject, pages: readonly string[] = []) {
    this.document = document;
    this.routes = new RouteTable(document, [...DOCS_PATHS, ...pages]);
    this.bodies = bodyReadersOf(document);
  }

  /** The methods that a path has, as the Allow header lists them; empty when there is no such path. */
  allowedMethods(path: string): string[] {
    return this.routes.allowedMethods(path);
  }

  /** @throws Error when no operation takes this body: a mistake in the code, found at the start */
  bodyOf<T extends object>(dto: Type<T>): BodyReader<T> {
    const reader = this.bodies.get(dto.name);
    if (!reader) throw new Error(`no operation of the OpenAPI document takes ${dto.name} as its body`);
    return reader as BodyReader<object> as BodyReader<T>;
  }
}

const bodyReadersOf = (document: OpenAPIObject): Map<string, BodyReader<object>> => {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, logger: false });
  ajv.addSchema({ components: document.components }, 'api');
  const readers = new Map<string, BodyReader<object>>();
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[])) {
    const { requestBody } = operation;
    if (!requestBody || '$ref' in requestBody) continue;
    const schema = requestBody.content['application/json']?.schema;
    if (!schema || !('$ref' in schema)) continue;
    // The subschema itself: a validator of a $ref would add a call for each request.
    const validate = ajv.getSchema(`api${schema.$ref}`) as ValidateFunction<object> | undefined;
    if (!validate) throw new Error(`the OpenAPI document has no schema ${schema.$ref}`);
    const name = schema.$ref.slice(SCHEMAS.length);
    readers.set(name, new BodyReader(validate, { isRequired: requestBody.required ?? false }));
  }
  return readers;
};
