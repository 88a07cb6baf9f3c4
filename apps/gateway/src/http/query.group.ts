import { ApiQuery } from '@nestjs/swagger';

export interface QueryGroup {
  /** The name of the group. It is never sent: its fields are parameters of their own (`explode`). */
  name: string;
  description: string;
  /** The schema of an object whose fields are the parameters. */
  schema: { type: 'object'; [keyword: string]: unknown };
  example: object;
}

/**
 * Query parameters that depend on each other, as one object. OpenAPI can say "both or neither" and "not both" of the
 * fields of an object, and of nothing else (OpenAPI 3.1, "Style Values", form with explode).
 */
export const ApiQueryGroup = (group: QueryGroup) =>
  ApiQuery({ ...group, required: false, style: 'form', explode: true } as Parameters<typeof ApiQuery>[0]);
