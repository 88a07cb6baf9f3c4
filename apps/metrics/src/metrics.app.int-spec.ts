import { jest } from '@jest/globals';
import { AppInstance, type AppDefinition } from '@wiber/host';
import { eventually } from '@wiber/harness';

let metricsApp: AppDefinition;

beforeAll(async () => {
  // The settings are read when the module is loaded. Nothing listens on port 9.
  jest.replaceProperty(process, 'env', {
    METRICS_PORT: '0',
    LOG_LEVEL: 'silent',
    KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9',
    MONGO_URI: 'mongodb://127.0.0.1:9/?replicaSet=away',
  });
  ({ metricsApp } = await import('./metrics.app.ts'));
});

afterAll(() => void jest.restoreAllMocks());

test('an app whose Kafka and MongoDB are away is alive and not ready, and can be stopped', async () => {
  const app = await AppInstance.create(metricsApp);
  const started = app.start();
  const url = await eventually(() => app.url());
  await eventually(async () => expect((await fetch(`${url}/health/liveness`)).status).toBe(200));
  expect((await fetch(`${url}/health/readiness`)).status).toBe(503);
  await app.stop();
  await started;
  await expect(fetch(`${url}/health/liveness`)).rejects.toThrow();
});
