import type { FieldError } from '@wiber/contracts';
import { invalid } from './body.reader.ts';

export type RawQuery = Record<string, string | string[] | undefined>;

/** Reads a query field by field, and in the end refuses all that was wrong with it at once. */
export class QueryReader {
  private readonly query: RawQuery;
  private readonly errors: FieldError[] = [];

  constructor(query: RawQuery, known: readonly string[]) {
    this.query = query;
    for (const field of Object.keys(query)) {
      if (!known.includes(field)) this.refuse(field, 'is not a known parameter; take it out');
    }
  }

  one(field: string): string | undefined {
    const value = this.query[field];
    if (!Array.isArray(value)) return value;
    this.refuse(field, 'may be given once');
    return undefined;
  }

  whole(field: string, { from, to, otherwise }: { from: number; to: number; otherwise: number }): number {
    const text = this.one(field);
    if (text === undefined) return otherwise;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    if (value < from || value > to) this.refuse(field, `must be a whole number from ${from} to ${to}`);
    return value;
  }

  choice<T extends string, D>(field: string, choices: readonly T[], otherwise: D): T | D {
    const text = this.one(field);
    if (text === undefined) return otherwise;
    const found = choices.find((known) => known === text);
    if (!found) this.refuse(field, `must be ${choices.join(' or ')}`);
    return found ?? otherwise;
  }

  refuse(field: string, message: string): void {
    this.errors.push({ field, message });
  }

  /** @throws ProblemError invalid_request naming each bad parameter */
  end(): void {
    if (this.errors.length > 0) throw invalid(this.errors);
  }
}
