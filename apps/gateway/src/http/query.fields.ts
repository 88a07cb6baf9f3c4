import type { FieldError } from '@wiber/contracts';
import { invalidRequest } from './invalid.request.ts';

export type RawQuery = Record<string, string | string[] | undefined>;

/** The fields of a query. A bad one is noted, so that all bad fields are refused in one answer. */
export class QueryFields {
  private readonly query: RawQuery;
  private readonly errors: FieldError[];

  constructor(query: RawQuery, errors: FieldError[]) {
    this.query = query;
    this.errors = errors;
  }

  /** The text of a field; undefined when the field is missing or bad. */
  text(field: string): string | undefined {
    const value = this.query[field];
    if (!Array.isArray(value)) return value;
    this.refuse(field, 'may be given once');
    return undefined;
  }

  whole<D>(field: string, { from, to, otherwise }: { from: number; to: number; otherwise: D }): number | D {
    const text = this.text(field);
    if (text === undefined) return otherwise;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    if (value >= from && value <= to) return value;
    this.refuse(field, `must be a whole number from ${from} to ${to}`);
    return otherwise;
  }

  choice<T extends string, D>(field: string, choices: readonly T[], otherwise: D): T | D {
    const text = this.text(field);
    if (text === undefined) return otherwise;
    const found = choices.find((known) => known === text);
    if (!found) this.refuse(field, `must be ${choices.join(' or ')}`);
    return found ?? otherwise;
  }

  refuse(field: string, message: string): void {
    this.errors.push({ field, message });
  }
}

/**
 * Reads a query that may have the `known` fields.
 * @throws ProblemError invalid_request with a line for each bad field
 */
export const readQuery = <T>(raw: RawQuery, known: readonly string[], read: (query: QueryFields) => T): T => {
  const errors = Object.keys(raw)
    .filter((field) => !known.includes(field))
    .map((field): FieldError => ({ field, message: 'is not a known parameter; take it out' }));
  const result = read(new QueryFields(raw, errors));
  if (errors.length > 0) throw invalidRequest(errors);
  return result;
};
