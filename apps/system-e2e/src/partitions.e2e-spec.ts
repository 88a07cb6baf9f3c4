import type { Message } from '@wiber/contracts';
import { AppProcess, TopicAdmin, createTopic, eventually, freshSystem } from '@wiber/harness';
import { page, post } from './api.client.ts';

const lastLine = (output: string): { level: number; msg: string } =>
  JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as { level: number; msg: string };

test('a topic with another number of partitions moves no conversation: a running gateway says so and goes on, one that starts refuses, until the number is changed on purpose', async () => {
  const env = await freshSystem();
  let gateway = await AppProcess.start('gateway', env);
  const ingest = await AppProcess.start('ingest', env);
  const users = Array.from({ length: 12 }, (_, index) => `user${index}`);
  const partitions = new Map<string, Set<string>>(users.map((user) => [user, new Set()]));
  const sendAll = async (url: string) => {
    const sent = await Promise.all(
      users.map((fromUser) => post(url, { fromUser, toUser: 'kim', content: 'hi' }, { Prefer: 'wait=30' })),
    );
    for (const { status, headers, body } of sent) {
      expect(status).toBe(201);
      const at = new URL(url + headers.get('location')).searchParams.get('partition')!;
      partitions.get((body as Message).fromUser)?.add(at);
    }
  };
  try {
    await sendAll(gateway.url);
    await new TopicAdmin(env).growTo(7);
    await eventually(async () => expect(await gateway.metric('wiber_topic_partitions')).toBe(7));
    expect(gateway.output).toContain('the topic has 7 partitions by now; this gateway goes on with 3');
    expect(await gateway.metric('wiber_produce_partitions')).toBe(3);
    await sendAll(gateway.url);
    expect([...partitions.values()].map(({ size }) => size)).toEqual(users.map(() => 1));

    const { code, output } = await AppProcess.runToEnd('gateway', { ...env, API_PORT: '0' });
    expect(code).toBe(1);
    expect(lastLine(output)).toMatchObject({
      level: 60,
      msg: expect.stringMatching(/has 7 partitions, and .* over 3: .*KAFKA_PARTITIONS=7$/),
    });

    await gateway.end();
    gateway = await AppProcess.start('gateway', { ...env, KAFKA_PARTITIONS: '7' });
    await gateway.end();
    gateway = await AppProcess.start('gateway', env);
    expect(await gateway.metric('wiber_produce_partitions')).toBe(7);
    await sendAll(gateway.url);
    expect(await page(gateway.url, ['user0', 'kim'])).toHaveLength(3);
  } finally {
    await Promise.all([gateway.end(), ingest.end()]);
  }
});

test('a gateway whose topic is made anew with fewer partitions says so and is not ready, until the topic has them all', async () => {
  const env = await freshSystem();
  const { KAFKA_TOPIC: topic = '', KAFKA_BOOTSTRAP_SERVERS: brokers = '' } = env;
  const gateway = await AppProcess.start('gateway', env);
  const readiness = async () => (await fetch(`${gateway.url}/health/readiness`)).status;
  const admin = new TopicAdmin(env);
  try {
    await admin.deleteTopic();
    await eventually(() => createTopic(brokers.split(','), { topic, partitions: 2 }));
    await eventually(async () => expect(await gateway.metric('wiber_topic_partitions')).toBe(2));
    await eventually(() =>
      expect(gateway.output).toContain('the topic has 2 partitions by now, and this gateway sends to 3'),
    );
    expect(await readiness()).toBe(503);
    const serving = await fetch(`${gateway.url}/health/serving`);
    expect(await serving.json()).toMatchObject({ work: { sends: false, reads: true } });
    await admin.growTo(3);
    await eventually(async () => expect(await readiness()).toBe(200));
  } finally {
    await gateway.end();
  }
});
