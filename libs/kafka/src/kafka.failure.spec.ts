import kafkajs from 'kafkajs';
import { DeadlineError } from '@wiber/resilience';
import { isKafkaFailure } from './kafka.failure.ts';

test('an error of kafkajs, a missing answer, and one of them among others tell of Kafka; other errors do not', () => {
  const failures = [
    new kafkajs.KafkaJSConnectionError('refused'),
    new kafkajs.KafkaJSNumberOfRetriesExceeded(new Error('x'), { retryCount: 1, retryTime: 1 }),
    new DeadlineError('broker 1 did not answer'),
    new AggregateError([new Error('x'), new DeadlineError('Kafka did not answer')]),
  ];
  expect(failures.map(isKafkaFailure)).toEqual([true, true, true, true]);
  for (const other of [new Error('x'), new AggregateError([new Error('x')]), undefined, 'KafkaJSError'])
    expect(isKafkaFailure(other)).toBe(false);
});
