import mongoose from 'mongoose';
import { toStored } from '@wiber/contracts';
import { EvidenceError } from '../evidence.errors.ts';
import { RawDocument, decodeDocument, encodeMessage, requireMessage } from './stored.document.ts';

const { BSON } = mongoose.mongo;

const stored = toStored(
  {
    messageId: '00000000-0000-7000-8000-000000000001',
    fromUser: 'ann',
    toUser: 'ben',
    content: 'é 🦊',
    timestamp: 5,
    lamport: 1,
  },
  { partition: 2, offset: 7 },
  { storedAt: 9 },
);

test('a stored document decodes to the message that was stored', () => {
  const document = new RawDocument(BSON.serialize(encodeMessage(stored)));
  expect(requireMessage(document)).toEqual(stored);
  expect(document.damage).toBeUndefined();
});

test('a string that is not UTF-8 is damage', () => {
  const bytes = BSON.serialize(encodeMessage(stored));
  bytes[Buffer.from(bytes).indexOf('é')] = 0xff;
  const document = decodeDocument(bytes);
  expect(document.damage).toMatch(/UTF-8/i);
  expect(document.fields.messageId).toBe(stored.messageId);
  expect(() => requireMessage(document)).toThrow(EvidenceError);
});

test('a field of another type is no message, and the error names the field', () => {
  const document = { fields: { ...stored, offset: '7' } };
  expect(() => requireMessage(document)).toThrow(
    `the document of ${stored.messageId} has no message: offset is not a number`,
  );
});
