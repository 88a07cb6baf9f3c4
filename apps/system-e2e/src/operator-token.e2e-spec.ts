import { OwnSystem, eventually } from '@wiber/harness';
import { OperatorClient } from './operator.client.ts';

let system: OwnSystem;

beforeAll(async () => {
  system = await OwnSystem.start({ gateway: 2, ingest: 1, metrics: 1 });
}, 180_000);

afterAll(async () => {
  await system?.close();
});

test('every gateway accepts the token that npm start made, also after a restart, and no other token', async () => {
  const answers = (url: string, token: string) =>
    fetch(`${url}/dead-letters`, { headers: { Authorization: `Bearer ${token}` } }).then(({ status }) => status);
  const urls = system.urlsOf('gateway');
  expect(urls).toHaveLength(2);
  for (const url of urls) {
    expect(await new OperatorClient(url, system.operatorToken).list()).toEqual([]);
    expect(await answers(url, `${system.operatorToken}x`)).toBe(401);
  }
  await system.tell('kill', 'gateway-1');
  await system.tell('start', 'gateway-1');
  await eventually(async () => expect(await answers(urls[0]!, system.operatorToken)).toBe(200));
});
