import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { KafkaProbe } from '@wiber/kafka';
import type { Store } from '@wiber/mongo';
import type { HealthLooks } from '@wiber/observability';
import { GroupMembership, KafkaIndicator, MongoIndicator, looksOf } from './dependency.indicators.ts';

/** Indicators over a Kafka and a MongoDB whose answers the test gives. */
const indicators = () => {
  const asked: PromiseWithResolvers<number[]>[] = [];
  const pinged: PromiseWithResolvers<void>[] = [];
  const ask = <T>(calls: PromiseWithResolvers<T>[]) => {
    const call = Promise.withResolvers<T>();
    calls.push(call);
    return call.promise;
  };
  const health = new HealthIndicatorService();
  const probe = { leadersOf: () => ask(asked) } as unknown as KafkaProbe;
  const kafka = new KafkaIndicator(health, probe, new GroupMembership(), 'chat');
  const mongo = new MongoIndicator(health, { ping: () => ask(pinged) } as unknown as Store);
  return { asked, pinged, looks: looksOf(kafka, mongo) };
};

/** Terminus calls a check without arguments. */
const checksOf = ({ readiness }: HealthLooks) => readiness as (() => Promise<HealthIndicatorResult>)[];

test('many probes at once are one request to Kafka and one to MongoDB, also while they hang', async () => {
  const { asked, pinged, looks } = indicators();
  const probes = Array.from({ length: 50 }, () => [
    ...checksOf(looks).map((check) => check()),
    looks.serving.kafka(),
    looks.serving.mongodb(),
  ]).flat();
  await Promise.resolve();
  expect([asked.length, pinged.length]).toEqual([1, 1]);
  asked[0]!.resolve([1, 2]);
  pinged[0]!.resolve();
  await Promise.all(probes);
  expect([asked.length, pinged.length]).toEqual([1, 1]);
});

test('with one leaderless partition Kafka is down for readiness and still serves; without any leader it does not', async () => {
  for (const [leaders, serves] of [
    [[1, -1], true],
    [[-1, -1], false],
  ] as const) {
    const { asked, looks } = indicators();
    const results = Promise.all([checksOf(looks)[0]!(), looks.serving.kafka()]);
    asked[0]!.resolve([...leaders]);
    const [readiness, serving] = await results;
    expect([readiness['kafka']?.status, serving]).toEqual(['down', serves]);
  }
});
