import { PROBLEMS } from '@wiber/contracts';
import type { Table } from '../markdown/markdown.table.ts';

interface Schema {
  properties?: object;
  anyOf?: Schema[];
}

interface Parameter {
  name: string;
  in: string;
  explode?: boolean;
  schema?: Schema;
}

interface Operation {
  summary?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema?: { $ref?: string } }> };
  responses: Record<string, { description: string; content?: object }>;
}

/** The parts of the gateway's OpenAPI document that the table needs. */
export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, { properties?: object }> };
}

const code = (text: string): string => `\`${text}\``;

const fieldsOf = ({ requestBody }: Operation, { components }: ApiDocument): string[] => {
  const reference = Object.values(requestBody?.content ?? {})[0]?.schema?.$ref ?? '';
  return Object.keys(components?.schemas?.[reference.split('/').at(-1) ?? '']?.properties ?? {});
};

const propertiesOf = ({ properties = {}, anyOf = [] }: Schema): string[] => [
  ...new Set([...Object.keys(properties), ...anyOf.flatMap(propertiesOf)]),
];

/** The fields of a group are parameters of their own. */
const namesOf = ({ name, explode, schema }: Parameter): string[] => (explode && schema ? propertiesOf(schema) : [name]);

const takenBy = (operation: Operation, document: ApiDocument): string => {
  const named = (place: string) => (operation.parameters ?? []).filter((one) => one.in === place).flatMap(namesOf);
  const parts: [string, string[]][] = [
    ['body', fieldsOf(operation, document)],
    ['query', named('query')],
    ['headers', named('header')],
  ];
  return parts
    .filter(([, names]) => names.length > 0)
    .map(([place, names]) => `${place} ${names.map(code).join(', ')}`)
    .join('; ');
};

/** The statuses of answers that are no problem: readiness answers 503 with a body of its own. */
const answersOf = ({ responses }: Operation): string[] =>
  Object.entries(responses)
    .filter(([status, { content }]) => Number(status) < 400 || Object.hasOwn(content ?? {}, 'application/json'))
    .map(([status]) => status);

/** A refusal's description names its codes. */
const codesOf = ({ responses }: Operation): string[] =>
  Object.entries(PROBLEMS)
    .filter(([name, { status }]) => new RegExp(`\\b${name}\\b`).test(responses[String(status)]?.description ?? ''))
    .map(([name]) => code(name));

/** One row for each operation of the gateway's OpenAPI document. */
export const callTable = (document: ApiDocument): Table => ({
  columns: ['call', 'what it does', 'takes', 'answers', 'refusals'],
  rows: Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => [
      code(`${method.toUpperCase()} ${path}`),
      operation.summary ?? '',
      takenBy(operation, document),
      answersOf(operation).join(', '),
      codesOf(operation).join(', '),
    ]),
  ),
});
