import { randomUUID } from 'node:crypto';
import { conversationIdOf, type DeadLetterReason } from '@wiber/contracts';
import type { Random } from '../../random.ts';

export const FOREIGN_KINDS = [
  'header-__proto__',
  'header-constructor',
  'many-odd-headers',
  'null-key',
  'nfd-names',
  'zstd',
  'empty-value',
  'unreadable-with-odd-headers',
] as const;
export type ForeignKind = (typeof FOREIGN_KINDS)[number];

/** A record as other producers may write it, and what must become of it. */
export interface ForeignRecord {
  kind: ForeignKind;
  key: string | null;
  value: Buffer;
  headers?: Record<string, string>;
  /** The partition; without it the key decides. */
  partition?: number;
  compression?: 'zstd';
  expected:
    { type: 'stored'; messageId: string; conversationId: string } | { type: 'dead-letter'; reason: DeadLetterReason };
}

const CONVERSATIONS = 10;

/** Own properties, also of the name `__proto__`: a literal would set the prototype. */
export const headersNamed = (...names: string[]): Record<string, string> =>
  Object.defineProperties<Record<string, string>>(
    {},
    Object.fromEntries(
      names.map((name) => [name, { value: `of ${name}`, enumerable: true, configurable: true, writable: true }]),
    ),
  );

const ODD_NAMES = ['toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', 'constructor', '__proto__', '', 'é'];

const validMessage = (users: [string, string]) => {
  const messageId = randomUUID();
  const [fromUser, toUser] = users;
  const message = { messageId, fromUser, toUser, content: `foreign ${messageId}`, timestamp: Date.now(), lamport: 1 };
  const conversationId = conversationIdOf(...users);
  const expected = { type: 'stored', messageId, conversationId } as const;
  return { key: conversationId, value: Buffer.from(JSON.stringify(message)), expected };
};

/** Makes a foreign record. No two are equal. Its conversation has no other messages. */
export const makeForeign = (kind: ForeignKind, random: Random): ForeignRecord => {
  const valid = validMessage([`fay${random.whole(0, CONVERSATIONS - 1)}`, 'gus']);
  const unreadable = { type: 'dead-letter', reason: 'unreadable' } as const;
  switch (kind) {
    case 'header-__proto__':
      return { kind, ...valid, headers: headersNamed('__proto__') };
    case 'header-constructor':
      return { kind, ...valid, headers: headersNamed('constructor') };
    case 'many-odd-headers':
      return { kind, ...valid, headers: headersNamed(...ODD_NAMES) };
    case 'null-key':
      // A conversation of its own in a fixed partition: one order needs one partition.
      return { kind, ...validMessage(['kim', 'nokey']), key: null, partition: 0 };
    case 'nfd-names': {
      // Gateways normalise names, so no address would reach the conversation of these.
      const { key, value } = validMessage(['e\u0301ve', 'gus']);
      return { kind, key, value, expected: { type: 'dead-letter', reason: 'schema' } };
    }
    case 'zstd':
      return { kind, ...valid, compression: 'zstd' };
    case 'empty-value':
      // Only the key makes the record unique.
      return { kind, key: `empty ${randomUUID()}`, value: Buffer.alloc(0), expected: unreadable };
    case 'unreadable-with-odd-headers': {
      const value = Buffer.from(`no message ${randomUUID()}`);
      return { kind, key: valid.key, value, headers: headersNamed(...ODD_NAMES), expected: unreadable };
    }
  }
};
