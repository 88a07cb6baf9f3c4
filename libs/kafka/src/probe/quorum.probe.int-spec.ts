import { testServers } from '@wiber/harness';
import { createKafka } from '../client/kafka.client.ts';
import { ClusterProbe } from './cluster.probe.ts';
import { QuorumProbe } from './quorum.probe.ts';
import { QuorumRefusedError, controllerOf } from './quorum.request.ts';

const WITHIN_MS = 10_000;
const { kafka: brokers } = testServers();
const kafka = createKafka({ brokers, clientId: 'spec', log: () => undefined });
const [probe, cluster] = [new QuorumProbe(kafka), new ClusterProbe(kafka)];
afterAll(async () => {
  probe.close();
  await cluster.close();
});

test('the controller is one node of the cluster, and the same one each time it is asked for', async () => {
  const controllers = [];
  for (let time = 0; time < 5; time += 1) controllers.push(await probe.controller(WITHIN_MS));
  const { brokers: seen } = await cluster.brokers(WITHIN_MS);
  expect(new Set(controllers).size).toBe(1);
  expect(seen.map(({ id }) => id)).toContain(controllers[0]);
});

test('an answer without a controller is none, and a refusal says what is lacking', () => {
  expect(controllerOf(Buffer.from([0, 0, 0, 1]))).toBeUndefined();
  expect(() => controllerOf(Buffer.from([0, 0, 31]))).toThrow(QuorumRefusedError);
});
