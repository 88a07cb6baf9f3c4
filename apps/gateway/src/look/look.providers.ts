import type { Provider } from '@nestjs/common';
import { deadLetterTopicOf, metricsLeaseOf } from '@wiber/contracts';
import { KAFKA, type Kafka } from '@wiber/host';
import { LeaseReader, MemberWatch, PulseStore, StoreLook } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { LOGGER } from '../gateway.logger.ts';
import { GatewayMetrics } from '../gateway.metrics.ts';
import { LookLoop } from './look.loop.ts';
import { LookReader } from './look.reader.ts';
import { LookStream } from './look.stream.ts';

const { topic, group, collection, instance, streamsMax } = GATEWAY_ENV;

/** What the store must bring: see StoreModule.forFeature. */
export const LOOK_STORES = [MemberWatch, PulseStore, StoreLook] as const;

type Injected = [GatewayMetrics, Kafka, MemberWatch, LeaseReader, PulseStore, StoreLook];

export const LOOK_PROVIDERS: Provider[] = [
  {
    provide: LookStream,
    inject: [GatewayMetrics, KAFKA, MemberWatch, LeaseReader, PulseStore, StoreLook],
    useFactory: (...[metrics, kafka, members, leases, pulses, letters]: Injected): LookStream => {
      const names = { topic, dlqTopic: deadLetterTopicOf(topic), group, lease: metricsLeaseOf(topic, collection) };
      const looking = new LookLoop({
        by: instance,
        open: () => new LookReader({ kafka, members, leases, pulses, letters, ...names }),
        publish: (frame) => streams.publish(frame),
        failed: (error) => LOGGER.error({ error }, 'a look at the system failed; the next one comes in a second'),
      });
      const streams = new LookStream({ streamsMax, looking });
      metrics.watchStreams(streams);
      return streams;
    },
  },
];
