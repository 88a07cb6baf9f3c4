import { UnacknowledgedError } from '../kafka.errors.ts';
import { baseOffsetOf } from './produce.answer.ts';

const place = { topic: 'chat', partition: 3 };
const entry = { topicName: 'chat', partition: 3, errorCode: 0, baseOffset: '7' };

test('the offset is that of the entry for the partition, and -1 where the broker says that it has none', () => {
  expect(baseOffsetOf([{ ...entry, partition: 2, baseOffset: '1' }, null, entry], place)).toBe(7);
  expect(baseOffsetOf([{ ...entry, baseOffset: '-1' }], place)).toBe(-1);
});

test.each<[string, Parameters<typeof baseOffsetOf>[0]]>([
  ['is missing', undefined],
  ['is empty, as for a partition that the metadata lack', []],
  ['is null', [null]],
  ['is for another partition', [{ ...entry, partition: 2 }]],
  ['is for another topic', [{ ...entry, topicName: 'chat.dlq' }]],
  ['has an error code', [{ ...entry, errorCode: 3 }]],
  ['has no error code', [{ topicName: 'chat', partition: 3, baseOffset: '7' }]],
  ['has no offset', [{ topicName: 'chat', partition: 3, errorCode: 0 }]],
  ['has an offset that is no number', [{ ...entry, baseOffset: '' }]],
])('an answer that %s is never an acknowledgement', (_, answers) => {
  expect(() => baseOffsetOf(answers, place)).toThrow(UnacknowledgedError);
});
