import type { Provider } from '@nestjs/common';
import { deadLetterTopicOf, metricsLeaseOf } from '@wiber/contracts';
import { KAFKA, type Kafka } from '@wiber/host';
import { LeaseReader, MemberWatch, StoreLook } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { LOGGER } from '../gateway.logger.ts';
import { LookLoop } from './look.loop.ts';
import { LookReader } from './look.reader.ts';
import { LookStream } from './look.stream.ts';

const { topic, group, collection, instance, streamsMax } = GATEWAY_ENV;

/** What the store must bring: see StoreModule.forFeature. */
export const LOOK_STORES = [MemberWatch, StoreLook] as const;

export const LOOK_PROVIDERS: Provider[] = [
  {
    provide: LookStream,
    inject: [KAFKA, MemberWatch, LeaseReader, StoreLook],
    useFactory: (kafka: Kafka, members: MemberWatch, leases: LeaseReader, letters: StoreLook): LookStream => {
      const names = { topic, dlqTopic: deadLetterTopicOf(topic), group, lease: metricsLeaseOf(topic, collection) };
      const looking = new LookLoop({
        by: instance,
        open: () => new LookReader({ kafka, members, leases, letters, ...names }),
        publish: (frame) => streams.publish(frame),
        failed: (error) => LOGGER.error({ error }, 'a look at the system failed; the next one comes in a second'),
      });
      const streams = new LookStream({ streamsMax, looking });
      return streams;
    },
  },
];
