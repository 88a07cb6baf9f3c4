import { createServer, type AddressInfo } from 'node:net';
import type { Message } from '@wiber/contracts';
import { AppProcess, PORT_VARIABLE } from '@wiber/harness';
import { AuditedSystem, FILLED } from './audited-system/audited.system.ts';

const NEXT = 'messages_2';
let system: AuditedSystem;
let messages: Message[];

beforeAll(async () => {
  system = await AuditedSystem.create();
  messages = await system.fill();
  await system.editor.convertToEarlierFormat();
});

afterAll(() => system.close());

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

test.each(['gateway', 'ingest'] as const)(
  'on a collection of the earlier format %s ends with code 1 and one line that names the command',
  async (name) => {
    const env = { ...system.env, [PORT_VARIABLE[name]]: String(await freePort()) };
    const { code, output } = await AppProcess.runToEnd(name, env);
    const fatal = output.split('\n').filter((line) => line.startsWith('{"level":60'));
    expect(fatal).toHaveLength(1);
    expect((JSON.parse(fatal[0]!) as { msg: string }).msg).toBe(
      `${env['MONGO_DB']}.messages holds messages in the format of an earlier version; stop every app, run ` +
        `\`npm run rebuild -- --to-collection ${NEXT}\`, which fills ${NEXT} from the log, and start with MONGO_COLLECTION=${NEXT}`,
    );
    expect(output).not.toContain('    at ');
    expect(code).toBe(1);
  },
);

test('a rebuild of a collection of the earlier format is equal, and the audits of both find nothing', async () => {
  const { code, stdout } = await system.run('rebuild', '--to-collection', NEXT);
  expect(stdout).toContain(`${FILLED.messages} stored, ${FILLED.repeats} repeats, ${FILLED.poison} dead-lettered`);
  expect(stdout).toMatch(/\nequal\n$/);
  expect(code).toBe(0);
  expect(await system.run('audit')).toMatchObject({ code: 0 });
  expect(await system.withEnv({ MONGO_COLLECTION: NEXT }).run('audit')).toMatchObject({ code: 0 });
});

test('on the rebuilt collection ingest stores the next message and the gateway reads all of them', async () => {
  const next = system.withEnv({ MONGO_COLLECTION: NEXT });
  const [message] = messages as [Message];
  const newer = { ...message, messageId: '00000000-0000-4000-8000-000000000000', timestamp: message.timestamp + 5000 };
  await next.append([newer]);
  await next.settle();
  const gateway = await AppProcess.start('gateway', next.env);
  const get = async <T>(path: string): Promise<T> => (await fetch(`${gateway.url}${path}`)).json() as Promise<T>;
  const idsAt = async (path: string): Promise<string[]> =>
    (await get<Message[]>(path)).map(({ messageId }) => messageId);
  try {
    const conversation = [...messages.filter(({ fromUser }) => fromUser === 'user0'), newer];
    const ids = conversation.map(({ messageId }) => messageId);
    expect(await idsAt('/messages/user0/hub?limit=500')).toEqual(ids);
    expect(await idsAt('/messages/hub/user0?sort=log&limit=500')).toEqual(ids);
    expect(await idsAt('/users/user0/messages?limit=500')).toEqual(ids.toReversed());
    expect(await get(`/messages/${message.messageId}`)).toEqual(message);
    expect(await get('/messages/count?user1=hub')).toMatchObject({ count: FILLED.messages + 1 });
  } finally {
    await gateway.end();
  }
});
