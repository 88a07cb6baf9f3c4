import type { Message, Problem } from '@wiber/contracts';
import { AppProcess, eventually, freshSystem, scheduleCount } from '@wiber/harness';
import { page, post, sendUntilStored } from './api.client.ts';
import { killWithClock, startWithClock } from './wrong.clock.ts';

const HOUR_S = 3600;
/** WIBER_TEST_SCHEDULES=10000 makes them ten thousand. */
const REPLIES = scheduleCount(600);
const CONVERSATIONS = 20;
const SORTS = ['timestamp', 'lamport', 'log'] as const;
type Sort = (typeof SORTS)[number];

let env: Record<string, string>;
let ingest: AppProcess;
/** One is an hour ahead, the other an hour behind. */
let ahead: AppProcess;
let behind: AppProcess;
const running = new Set<AppProcess>();

const startGateway = async (seconds: number): Promise<AppProcess> => {
  const app = await startWithClock('gateway', env, seconds);
  running.add(app);
  return app;
};
const kill = async (app: AppProcess): Promise<void> => {
  running.delete(app);
  await killWithClock(app);
};

beforeAll(async () => {
  env = { ...(await freshSystem()), KAFKA_SESSION_TIMEOUT_MS: '6000' };
  ingest = await AppProcess.start('ingest', env);
  [ahead, behind] = await Promise.all([startGateway(HOUR_S), startGateway(-HOUR_S)]);
});

afterAll(async () => {
  await Promise.all([...running].map(kill));
  await ingest?.end('SIGKILL');
});

/** Reads one message with a token, and gives the token of the answer. */
const readOne = async (url: string, messageId: string, token: string) => {
  const answer = await fetch(`${url}/messages/${messageId}`, { headers: { 'Causal-Token': token } });
  return { status: answer.status, body: await answer.json(), token: answer.headers.get('causal-token') ?? '' };
};

interface Reply {
  to: string;
  id: string;
  users: [string, string];
}

/** All ids of a conversation in an order, page by page, by the cursors of the Link header. */
const walk = async (users: [string, string], sort: Sort): Promise<string[]> => {
  const ids: string[] = [];
  let next: string | undefined = `/messages/${users.join('/')}?sort=${sort}&limit=100`;
  while (next) {
    const answer: Response = await fetch(behind.url + next);
    ids.push(...((await answer.json()) as Message[]).map(({ messageId }) => messageId));
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return ids;
};

test('replies after a read stand behind what they answer by Lamport time and in the log, though the clocks of the gateways are two hours apart; by timestamp they do not, and each 201 is read at the other gateway with its token', async () => {
  const replies: Reply[] = [];
  let unread = 0;
  const talk = async (number: number) => {
    const users: [string, string] = [`ann${number}`, `ben${number}`];
    const [ann, ben] = users;
    let last = await sendUntilStored(ahead.url, { fromUser: ann, toUser: ben, content: 'begin' });
    for (let turn = 1; turn <= REPLIES / CONVERSATIONS; turn += 1) {
      const isBen = turn % 2 === 1;
      const [own, other] = isBen ? [behind.url, ahead.url] : [ahead.url, behind.url];
      // Of each four replies two are sent where their sender read; two after a read at the other gateway, with its token.
      const isElsewhere = turn % 4 > 1;
      const read = await readOne(isElsewhere ? other : own, last.message.messageId, last.token);
      if (read.status !== 200) unread += 1;
      const [fromUser, toUser] = isBen ? [ben, ann] : [ann, ben];
      const headers: Record<string, string> = isElsewhere ? { 'Causal-Token': read.token } : {};
      const reply = await sendUntilStored(own, { fromUser, toUser, content: `reply ${turn}` }, { headers });
      replies.push({ to: last.message.messageId, id: reply.message.messageId, users });
      last = reply;
    }
  };
  await Promise.all(Array.from({ length: CONVERSATIONS }, (_, number) => talk(number)));
  expect(unread).toBe(0);
  expect(replies).toHaveLength(CONVERSATIONS * Math.floor(REPLIES / CONVERSATIONS));

  const inversions: Record<Sort, number> = { timestamp: 0, lamport: 0, log: 0 };
  for (const number of Array(CONVERSATIONS).keys()) {
    const users: [string, string] = [`ann${number}`, `ben${number}`];
    for (const sort of SORTS) {
      const place = new Map((await walk(users, sort)).map((id, index) => [id, index]));
      for (const { to, id, users: own } of replies)
        if (own[0] === users[0] && place.get(to)! >= place.get(id)!) inversions[sort] += 1;
      expect(place.size).toBe(1 + Math.floor(REPLIES / CONVERSATIONS));
    }
  }
  process.stdout.write(
    `of ${replies.length} replies these are before what they answer: ${inversions.timestamp} by timestamp, ` +
      `${inversions.lamport} by lamport, ${inversions.log} by log\n`,
  );
  expect(inversions).toMatchObject({ lamport: 0, log: 0 });
  // Each reply by the gateway that is behind.
  expect(inversions.timestamp).toBe(Math.ceil(REPLIES / CONVERSATIONS / 2) * CONVERSATIONS);
}, 900_000);

test('of several messages that one client sends to both gateways in turn, each has a larger Lamport time, by the token or by the number alone', async () => {
  let last = 0;
  let token: string | undefined;
  for (let n = 0; n < 20; n += 1) {
    const { url } = n % 2 === 0 ? ahead : behind;
    const headers: Record<string, string> = token && n % 4 > 1 ? { 'Causal-Token': token } : { Lamport: String(last) };
    const { message, token: given } = await sendUntilStored(
      url,
      { fromUser: 'cat', toUser: 'dan', content: 'x' },
      { headers },
    );
    expect(message.lamport).toBeGreaterThan(last);
    last = message.lamport;
    token = given;
  }
});

test('a gateway that is killed and started goes on behind all that was acknowledged, also by the other one, stored or not', async () => {
  const send = (app: AppProcess, headers = {}) =>
    post(app.url, { fromUser: 'eve', toUser: 'fay', content: 'hi' }, headers).then(({ body }) => body as Message);
  // The other gateway is far ahead, and its messages are not stored: ingest is away.
  await ingest.end('SIGTERM');
  const far = await send(ahead, { Lamport: '1000000' });
  expect(far.lamport).toBe(1_000_001);
  const low = await send(behind);
  expect(low.lamport).toBeLessThan(far.lamport);
  await kill(behind);
  behind = await startGateway(-HOUR_S);
  const unstored = await send(behind);
  expect(unstored.lamport).toBeGreaterThan(far.lamport);
  expect(behind.output).toContain('the Lamport clock is behind all messages of the log');
  // Now all is stored, and the last message of the partition has a smaller time than one before it.
  ingest = await AppProcess.start('ingest', env);
  await eventually(async () =>
    expect(await page(behind.url, ['eve', 'fay'], '?sort=log')).toEqual([far, low, unstored]),
  );
  await kill(behind);
  behind = await startGateway(-HOUR_S);
  expect((await send(behind)).lamport).toBeGreaterThan(unstored.lamport);
}, 180_000);

test.each<[string, string, Record<string, string>, number, string]>([
  ['a Lamport time that no gateway has given', '', { Lamport: '9'.repeat(15) }, 409, 'lamport_ahead'],
  ['the same in a token', '', { 'Causal-Token': '68f0a1b200000001-10000000000000' }, 409, 'lamport_ahead'],
  ['a Lamport time that is no number', '', { Lamport: 'x' }, 400, 'invalid_request'],
  ['a token that no answer has', '', { 'Causal-Token': '68f0a1b200000001-' }, 400, 'invalid_request'],
  [
    'a cursor of sort=timestamp',
    '?sort=lamport&after=1_0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e',
    {},
    400,
    'invalid_request',
  ],
  [
    'a cursor of sort=lamport',
    '?sort=timestamp&after=0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e_1',
    {},
    400,
    'invalid_request',
  ],
])(
  '%s is refused with a sentence that says what to do, and the clock stays',
  async (_, query, headers, status, code) => {
    const send = () => post(ahead.url, { fromUser: 'gil', toUser: 'hal', content: 'hi' });
    const before = ((await send()).body as Message).lamport;
    const answer = query
      ? await fetch(`${ahead.url}/messages/gil/hal${query}`)
      : await fetch(`${ahead.url}/messages`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...headers },
          body: JSON.stringify({ fromUser: 'gil', toUser: 'hal', content: 'hi' }),
        });
    expect(answer.status).toBe(status);
    expect((await answer.json()) as Problem).toMatchObject({ code });
    expect(((await send()).body as Message).lamport).toBeLessThan(before + 10);
  },
);
