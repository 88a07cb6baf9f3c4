import type { DeadLetterDto, DeadLetterStateDto, DeadLetterSummaryDto } from '@wiber/contracts';
import { callApi } from '../api/api.client.ts';
import { linksOf } from '../api/link.header.ts';
import type { LetterFilter } from './letter.filter.ts';
import type { MendedBody } from './mended.body.ts';

const PAGE = 50;

export interface LetterPage {
  letters: DeadLetterSummaryDto[];
  /** The page of older letters; absent on the last one. */
  next: string | undefined;
}

/** The first page of a filter, as a path. */
export const firstPage = ({ state, reason }: LetterFilter): string => {
  const query = new URLSearchParams({ state, limit: String(PAGE), ...(reason === undefined ? {} : { reason }) });
  return `/dead-letters?${query.toString()}`;
};

/** @param path of a page: the first, or the link of another @throws ApiProblem */
export const readLetters = async (path: string, signal: AbortSignal): Promise<LetterPage> => {
  const { data, headers } = await callApi<DeadLetterSummaryDto[]>({ path, signal, asOperator: true });
  return { letters: data, next: linksOf(headers.get('Link')).get('next') };
};

const pathOf = (id: string, action = ''): string => `/dead-letters/${encodeURIComponent(id)}${action}`;

/** A value of 8 MiB, as base64 and as text, of which JSON may write each character with six. */
const LETTER_MAX_CHARS = 64_000_000;

/** @throws ApiProblem */
export const readLetter = async (id: string, signal: AbortSignal): Promise<DeadLetterDto> => {
  const call = { path: pathOf(id), signal, asOperator: true, answerMaxChars: LETTER_MAX_CHARS };
  return (await callApi<DeadLetterDto>(call)).data;
};

export interface Replay {
  id: string;
  /** Left out where the record's own body is sent. */
  body?: MendedBody;
  force?: boolean;
  operator: string;
}

/** A repeat is safe: it sends the same message, which is stored once. @throws ApiProblem */
export const replayLetter = async ({ id, body, force, operator }: Replay): Promise<DeadLetterStateDto> =>
  decide(pathOf(id, '/replay'), { ...(body ? { body } : {}), ...(force ? { force } : {}) }, operator);

/** @throws ApiProblem */
export const discardLetter = async (id: string, note: string, operator: string): Promise<DeadLetterStateDto> =>
  decide(pathOf(id, '/discard'), note === '' ? {} : { note }, operator);

const decide = async (path: string, body: object, operator: string): Promise<DeadLetterStateDto> => {
  const headers: Record<string, string> = operator === '' ? {} : { 'X-Operator': operator };
  return (await callApi<DeadLetterStateDto>({ method: 'POST', path, body, headers, asOperator: true })).data;
};
