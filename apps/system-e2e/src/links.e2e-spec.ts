import { OwnSystem, eventually } from '@wiber/harness';

let system: OwnSystem;
beforeAll(async () => {
  const counts = { brokers: 1, mongod: 1, gateway: 2, ingest: 1, metrics: 1 };
  system = await OwnSystem.start(counts, { links: true });
}, 120_000);
afterAll(() => system.close(), 60_000);

const post = async (url: string | undefined, content: string): Promise<number> => {
  const body = JSON.stringify({ fromUser: 'ann', toUser: 'ben', content });
  const headers = { 'content-type': 'application/json' };
  const { status, body: answer } = await fetch(`${url}/messages`, { method: 'POST', headers, body });
  await answer?.cancel();
  return status;
};
const contents = async (url: string | undefined): Promise<string[]> => {
  const answer = await fetch(`${url}/messages/ann/ben?sort=log`);
  return ((await answer.json()) as { content: string }[]).map(({ content }) => content);
};
const readiness = async (url: string): Promise<number> => {
  const { status, body } = await fetch(`${url}/health/readiness`);
  await body?.cancel();
  return status;
};
const gateways = (): string[] => system.urlsOf('gateway');

test('a gateway that is cut off from the broker accepts nothing, another gateway does, and the first recovers once the link is healed', async () => {
  const [one, other] = gateways();
  expect(await post(one, 'before')).toBe(202);
  const cut = await system.cut('gateway-1', 'kafka-1');
  expect(cut.connections).toBeGreaterThan(0);
  expect(await post(one, 'during')).toBe(503);
  expect(await post(other, 'elsewhere')).toBe(202);
  const healed = await system.heal('gateway-1', 'kafka-1');
  expect(healed.bytes).toBeGreaterThan(0);
  await eventually(async () => expect(await post(one, 'after')).toBe(202), { within: 60_000 });
  await eventually(async () => {
    const stored = await contents(other);
    for (const content of ['before', 'elsewhere', 'after']) expect(stored).toContain(content);
    // The request may have reached the broker before the cut; its answer was lost.
    expect(stored.filter((content) => content === 'during').length).toBeLessThanOrEqual(1);
  });
}, 150_000);

test('ingest that is cut off from the store loses no accepted message, and stores it once the link is healed', async () => {
  const [one] = gateways();
  await system.cut('mongo-1', 'ingest-1');
  expect(await post(one, 'held')).toBe(202);
  await eventually(async () => expect(await readiness(system.urlOf('ingest'))).toBe(503));
  expect(await contents(one)).not.toContain('held');
  await system.heal('ingest-1', 'mongo-1');
  await eventually(async () => expect(await contents(one)).toContain('held'), { within: 60_000 });
}, 90_000);

test('an impossible fault is refused with a code and a reason', async () => {
  await expect(system.fill('mongo-1')).rejects.toMatchObject({
    code: 'no_small_disk',
    message: expect.stringContaining('--small-disks lists the servers that get one, now: none') as string,
  });
  await expect(system.delay('gateway-1', 'kafka-1', 0)).rejects.toThrow(
    'a whole number of milliseconds from 1 to 60000',
  );
});
