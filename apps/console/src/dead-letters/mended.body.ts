import type { DeadLetterDto } from '@wiber/contracts';
import { contentProblem, normaliseUsername, readMessageId, usernameProblem } from '../messages/message.rules.ts';

/** What an operator sends instead of the body of a record. */
export interface MendedBody {
  fromUser: string;
  toUser: string;
  content: string;
}

export const BODY_FIELDS = ['fromUser', 'toUser', 'content'] as const;
export type BodyField = (typeof BODY_FIELDS)[number];

export interface Draft {
  body: MendedBody;
  /** Whether the record itself is a valid message, so that it can be replayed unchanged. */
  isValid: boolean;
}

type Record_ = Pick<DeadLetterDto, 'valueText' | 'keyText'>;

/**
 * What the record has of a body, for the editor: its own fields where they are texts, else the names of its key, which is both
 * names joined with `:`. Who of them was the sender is then a guess that a person must check.
 */
export const draftOf = ({ valueText, keyText }: Record_): Draft => {
  const fields = objectIn(valueText);
  const text = (field: string): string | undefined => {
    const value = fields?.[field];
    return typeof value === 'string' ? value : undefined;
  };
  const names = keyText?.split(':') ?? [];
  const [first = '', second = ''] = names.length === 2 ? names : [];
  const fromUser = text('fromUser') ?? otherName([first, second], text('toUser'));
  const toUser = text('toUser') ?? otherName([second, first], text('fromUser'));
  const body = { fromUser, toUser, content: text('content') ?? '' };
  return { body, isValid: fields !== undefined && isWholeMessage(fields) && !hasProblem(problemsOf(body)) };
};

/** The name of the key that the other field does not have. */
const otherName = ([first, second]: readonly [string, string], taken: string | undefined): string =>
  first === taken ? second : first;

const objectIn = (text: string | undefined): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
};

/** What a record needs beside its body. The gateway decides in the end (decodeMessage in libs/contracts). */
const isWholeMessage = ({
  messageId,
  fromUser,
  toUser,
  timestamp,
  lamport,
}: Readonly<Record<string, unknown>>): boolean => {
  const isTime = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  const isNormal = (name: unknown): boolean => typeof name === 'string' && normaliseUsername(name) === name;
  return (
    typeof messageId === 'string' &&
    readMessageId(messageId) === messageId &&
    [timestamp, lamport].every(isTime) &&
    [fromUser, toUser].every(isNormal)
  );
};

export type BodyProblems = Partial<Record<BodyField, string>>;

/** What is wrong with each field; an empty object for a valid body. */
export const problemsOf = ({ fromUser, toUser, content }: MendedBody): BodyProblems => {
  const found = {
    fromUser: usernameProblem(fromUser),
    toUser: usernameProblem(toUser),
    content: contentProblem(content),
  };
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== undefined));
};

export const hasProblem = (problems: BodyProblems): boolean => Object.keys(problems).length > 0;

export const isSameBody = (a: MendedBody, b: MendedBody): boolean =>
  BODY_FIELDS.every((field) => a[field] === b[field]);

/** The field that a refusal of a replay names: the gateway says `body.fromUser`, or `body/fromUser`. */
export const fieldOf = (named: string): BodyField | undefined =>
  BODY_FIELDS.find((field) => new RegExp(`^(?:\\(?body\\)?[./])?${field}$`).test(named));
