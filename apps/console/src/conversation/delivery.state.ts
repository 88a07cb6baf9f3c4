import type { FieldError } from '@wiber/contracts';

/** What is known of a message that this page has sent. */
export type DeliveryState =
  /** The request is under way. */
  | 'sending'
  /** Every in-sync replica of Kafka has it. Whether it is stored is not known yet. */
  | 'accepted'
  /** Stored and readable. */
  | 'stored'
  /** Ingest could not store it; operators see it. */
  | 'dead_lettered'
  /** It may have been sent. A retry under the same key is stored once. */
  | 'unknown'
  /** Nothing of it was sent, and a retry under the same key may succeed. */
  | 'not_sent'
  /** Refused: the same request would be refused again. */
  | 'refused';

/** The send of one message, from the click to its fate. */
export interface Delivery {
  /** The Idempotency-Key: the same for each retry. */
  key: string;
  fromUser: string;
  toUser: string;
  content: string;
  state: DeliveryState;
  /** How often it was sent. */
  attempts: number;
  messageId?: string;
  /** Where the message is found: its path with partition and offset. */
  location?: string;
  lamport?: number;
  refusal?: Refusal;
  /** The conversation has shown its message, so the send does not stand at the end any more. */
  isRead?: boolean;
}

/** Why a request failed: the gateway's problem, or the words for an answer that did not come. */
export interface Refusal {
  code: string;
  detail: string;
  correlationId?: string | undefined;
  errors?: readonly FieldError[] | undefined;
}

/** An answer to POST /messages, as far as a delivery needs it. */
export type SendAnswer =
  | { type: 'taken'; status: number; messageId: string; lamport: number; location?: string; isDeadLettered: boolean }
  | { type: 'refused'; refusal: Refusal; isRetryable: boolean }
  /** No answer came: the connection broke, or the time was over. */
  | { type: 'lost'; refusal: Refusal };

/** Problems after which the message may be in the log. The server failed after it had read the request. */
const UNSURE = new Set(['outcome_unknown', 'internal_error', 'request_timeout']);

/** A delivery after the answer to its newest attempt. */
export const afterAnswer = (delivery: Delivery, answer: SendAnswer): Delivery => {
  const { refusal: _, ...rest } = delivery;
  switch (answer.type) {
    case 'taken': {
      const { messageId, lamport, location } = answer;
      const state = answer.isDeadLettered ? 'dead_lettered' : answer.status === 201 ? 'stored' : 'accepted';
      return { ...rest, state, messageId, lamport, ...(location === undefined ? {} : { location }) };
    }
    case 'lost':
      return { ...rest, state: 'unknown', refusal: answer.refusal };
    case 'refused':
      return { ...rest, state: refusedState(delivery, answer), refusal: answer.refusal };
  }
};

/** Once the outcome of an attempt is unknown, a retry that was not sent changes nothing of that. */
const refusedState = ({ state, attempts }: Delivery, answer: SendAnswer & { type: 'refused' }): DeliveryState => {
  if (UNSURE.has(answer.refusal.code)) return 'unknown';
  if (!answer.isRetryable) return 'refused';
  return state === 'unknown' && attempts > 1 ? 'unknown' : 'not_sent';
};

/** A delivery that is sent again under its key. */
export const asRetry = (delivery: Delivery): Delivery => ({ ...delivery, attempts: delivery.attempts + 1 });

export const isRetryable = ({ state }: Delivery): boolean => state === 'unknown' || state === 'not_sent';
/** Whether nothing more will be learned of it without a person. */
export const isSettled = ({ state }: Delivery): boolean => state !== 'sending' && state !== 'accepted';

/** What a delivery's state is called, and what it means to whoever sent it. */
export const DELIVERY_TEXT: Readonly<Record<DeliveryState, { label: string; meaning: string }>> = {
  sending: { label: 'Sending', meaning: 'The gateway has not answered yet.' },
  accepted: {
    label: 'Accepted',
    meaning: 'It is in the log, on every in-sync replica. It is not known to be stored yet.',
  },
  stored: { label: 'Stored', meaning: 'It is stored, and every reader can see it.' },
  dead_lettered: {
    label: 'Dead letter',
    meaning: 'It is in the log but could not be stored. An operator can mend it.',
  },
  unknown: {
    label: 'Outcome unknown',
    meaning: 'It may have been sent. A retry has the same key, so it is stored once in any case.',
  },
  not_sent: { label: 'Not sent', meaning: 'Nothing of it was sent. A retry has the same key.' },
  refused: { label: 'Refused', meaning: 'The same message would be refused again.' },
};
