import mongoose from 'mongoose';
import { uuidOf } from './message.document.ts';
import { cursorOf } from './page.cursor.ts';
import type { MessageSort } from './message.order.ts';
import type { MessageDocument } from './message.schema.ts';

const { Decimal128, MinKey, ObjectId } = mongoose.mongo.BSON;
const ID = '018f2a3b-4c5d-7e6f-8a9b-0c1d2e3f4a5b';
const LOW = '00000000-0000-0000-0000-000000000000';
const HIGH = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const LAST = Number.MAX_SAFE_INTEGER;

const cursorsOf = (document: object, sort: MessageSort) =>
  (['asc', 'desc'] as const).map((order) => cursorOf(document as Partial<MessageDocument>, { sort, order }));

test.each([
  ['a message', { timestamp: 7, messageId: uuidOf(ID) }, [7, ID], [7, ID]],
  ['no time', { messageId: uuidOf(ID) }, [0, LOW], [0, LOW]],
  ['a time before all', { timestamp: new MinKey() }, [0, LOW], [0, LOW]],
  ['a negative time', { timestamp: -5 }, [0, LOW], [0, LOW]],
  ['a Date', { timestamp: new Date(7) }, [LAST, HIGH], [LAST, HIGH]],
  ['a decimal time', { timestamp: Decimal128.fromString('7'), messageId: uuidOf(ID) }, [7, ID], [7, ID]],
  ['half a millisecond', { timestamp: 7.5 }, [8, LOW], [7, HIGH]],
  ['an id that is a text', { timestamp: 7, messageId: ID }, [7, LOW], [7, LOW]],
  ['an ObjectId for the id', { timestamp: 7, messageId: new ObjectId() }, [7, HIGH], [7, HIGH]],
])(
  'by time and by Lamport time, the page behind a document with %s begins where MongoDB has the next one',
  (_, document, asc, desc) => {
    expect(cursorsOf(document, 'timestamp')).toEqual([asc, desc]);
    const { timestamp: lamport, ...rest } = document as Partial<MessageDocument>;
    expect(cursorsOf({ ...rest, ...('timestamp' in document && { lamport }), timestamp: 99 }, 'lamport')).toEqual([
      asc,
      desc,
    ]);
  },
);

test.each([
  ['a place', { _id: { partition: 2, offset: 9 } }, [2, 9], [2, 9]],
  ['a place that it shares', { _id: { partition: 2, offset: 9, again: 1 } }, [2, 9, 1], [2, 9, 1]],
  ['a count at its place that is none', { _id: { partition: 2, offset: 9, again: 'x' } }, [2, 9], [2, 9]],
  ['a key that is no place', { _id: new ObjectId() }, [0, -1], [0, -1]],
  ['no offset', { _id: { partition: 2 } }, [2, -1], [2, -1]],
  ['a text for the offset', { _id: { partition: 2, offset: 'x' } }, [2, LAST], [2, LAST]],
  ['half an offset', { _id: { partition: 2, offset: 9.5 } }, [2, 9], [2, 10]],
  ['half a partition', { _id: { partition: 2.5, offset: 9 } }, [2, LAST], [2, LAST]],
  ['a text for the partition', { _id: { partition: 'x', offset: 1 } }, [LAST, LAST], [LAST, LAST]],
])('by log, the page behind a document with %s begins where MongoDB has the next one', (_, document, asc, desc) => {
  expect(cursorsOf(document, 'log')).toEqual([asc, desc]);
});
