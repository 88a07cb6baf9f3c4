import { HEADER, deadLetterTopicOf, readTraceparent } from '@wiber/contracts';
import type { RejectedRecord } from '@wiber/kafka';
import { ATTRIBUTE, type Tracing } from '@wiber/observability';

type Publish = (rejected: RejectedRecord) => Promise<void>;

/** The same call, with a span under the one that the rejected record carries. */
export const tracedPublish = (publish: Publish, tracing: Tracing): Publish => {
  if (!tracing.isOn) return publish;
  return async (rejected) => {
    const { letter, record } = rejected;
    const header = record.headers[HEADER.traceparent];
    const parent = Buffer.isBuffer(header) ? readTraceparent(header.toString('latin1')) : undefined;
    const destination = deadLetterTopicOf(letter.topic);
    const span = parent?.isSampled
      ? tracing.start({
          name: `send ${destination}`,
          kind: 'producer',
          parent,
          attributes: {
            [ATTRIBUTE.messagingSystem]: 'kafka',
            [ATTRIBUTE.messagingDestination]: destination,
            [ATTRIBUTE.messagingOperation]: 'send',
            [ATTRIBUTE.messagingOperationType]: 'send',
            [ATTRIBUTE.outcome]: letter.reason,
          },
        })
      : undefined;
    try {
      await publish(rejected);
      span?.end();
    } catch (error) {
      span?.end({ error: (error as { code?: string }).code ?? 'internal_error' });
      throw error;
    }
  };
};
