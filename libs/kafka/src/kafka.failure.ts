import kafkajs from 'kafkajs';
import { DeadlineError } from '@wiber/resilience';

/** Whether a call failed because of Kafka or the way to it: a process elsewhere may reach it. */
export const isKafkaFailure = (error: unknown): boolean =>
  error instanceof AggregateError
    ? error.errors.some(isKafkaFailure)
    : error instanceof kafkajs.KafkaJSError || error instanceof DeadlineError;
