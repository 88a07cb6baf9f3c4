import type { Message } from '@wiber/contracts';
import { preciseClockText } from '../frame/time.text.ts';
import type { Sort } from './order.comparison.ts';

interface OrderText {
  name: string;
  /** The name on a narrow page. */
  short: string;
  /** What decides the order. */
  about: string;
  /** What of a message decides its place; the log's place is not in a message. */
  keyOf: (message: Message) => string | undefined;
}

export const ORDER_TEXT: Readonly<Record<Sort, OrderText>> = {
  log: {
    name: 'By log',
    short: 'Log',
    about: 'As Kafka appended the records. It never changes.',
    keyOf: () => undefined,
  },
  lamport: {
    name: 'By Lamport time',
    short: 'Lamport',
    about: 'A reply has a larger number than what its sender had seen.',
    keyOf: ({ lamport }) => `L ${String(lamport)}`,
  },
  timestamp: {
    name: 'By timestamp',
    short: 'Timestamp',
    about: 'The clock of the gateway that accepted the message.',
    keyOf: ({ timestamp }) => preciseClockText(timestamp),
  },
};
