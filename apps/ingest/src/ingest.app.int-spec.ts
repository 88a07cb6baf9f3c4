import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { appendRaw, eventually, freshSystem } from '@wiber/harness';
import { AppInstance, type AppDefinition } from '@wiber/host';
import { BatchKafkaServer, DeadLetterProducer } from '@wiber/kafka';
import { Store } from '@wiber/mongo';

let env: Record<string, string>;
let ingestApp: AppDefinition;

beforeAll(async () => {
  env = await freshSystem();
  // The settings are read when the module is loaded.
  jest.replaceProperty(process, 'env', { ...env, INGEST_PORT: '0', LOG_LEVEL: 'silent' });
  ({ ingestApp } = await import('./ingest.app.ts'));
});

afterAll(() => void jest.restoreAllMocks());

test('a stopping ingest leaves its group first, then ends its dead letters, and closes the store last', async () => {
  const events: string[] = [];
  /** Notes in `events` when a method of the app's part has resolved. */
  const noteEndOf = (part: object, method: string) => {
    const methods = part as Record<string, (...values: unknown[]) => Promise<unknown>>;
    const original = methods[method]!.bind(part);
    methods[method] = async (...values) => {
      await original(...values);
      events.push(`${part.constructor.name} ${method}d`);
    };
  };
  let server: BatchKafkaServer | undefined;
  const create = async () => {
    const app = await ingestApp.create();
    server = app.get(BatchKafkaServer);
    for (const part of [app.get(BatchKafkaServer), app.get(DeadLetterProducer), app.get(Store)])
      noteEndOf(part, 'close');
    return app;
  };
  const app = await AppInstance.create({ ...ingestApp, create });
  await app.start();
  const url = await app.url();
  const message = { messageId: randomUUID(), fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 1, lamport: 1 };
  await appendRaw(env, [{ key: 'ann:ben', partition: 0, value: Buffer.from(JSON.stringify(message)) }]);
  await eventually(async () => {
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^wiber_messages_stored_total\{[^}]*\} 1$/m);
  });
  expect(server?.isConsuming).toBe(true);
  await app.stop();
  expect(server?.isConsuming).toBe(false);
  // Nest closes its microservices again, which changes nothing.
  expect([...new Set(events)]).toEqual(['BatchKafkaServer closed', 'DeadLetterProducer closed', 'Store closed']);
  await expect(fetch(`${url}/health/liveness`)).rejects.toThrow();
});
