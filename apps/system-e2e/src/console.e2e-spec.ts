import { randomUUID } from 'node:crypto';
import { DEFAULT_TOPIC, type Message } from '@wiber/contracts';
import { primaryAddress } from '@wiber/evidence';
import {
  Browser,
  CONSOLE_VIEWS,
  ConsolePage,
  OwnSystem,
  accessibilityViolations,
  appendRaw,
  eventually,
  type ConsoleView,
} from '@wiber/harness';
import { countIn, post, sendUntilStored } from './api.client.ts';
import { SteadySender } from './steady.sender.ts';

const missing = Browser.missing();
if (missing !== undefined) process.stderr.write(`${missing}\n`);
// Browser.missing says how to get it.
const testWithBrowser = missing === undefined ? test : test.skip;

/** What the issue promises: a fault is seen on the page within this time. */
const SEEN_WITHIN_MS = 5000;

let system: OwnSystem;
let browser: Browser;
let sender: SteadySender;
let url: string;

beforeAll(async () => {
  if (missing !== undefined) return;
  const counts = { brokers: 1, mongod: 3, gateway: 1, ingest: 2, metrics: 2 };
  [system, browser] = await Promise.all([
    OwnSystem.start(counts, { env: { KAFKA_SESSION_TIMEOUT_MS: '6000' } }),
    Browser.start(),
  ]);
  url = system.urlOf('gateway');
  sender = new SteadySender(url, 20);
}, 180_000);

afterAll(async () => {
  await sender?.stop();
  await browser?.close();
  await system?.close();
}, 60_000);

const send = async (fromUser: string, toUser: string, content: string): Promise<Message> =>
  (await sendUntilStored(url, { fromUser, toUser, content })).message;

/** The first one is stored before the others are sent, which come in any order. */
const sendMany = async (fromUser: string, toUser: string, count: number): Promise<void> => {
  await send(fromUser, toUser, 'the first one');
  const others = Array.from({ length: count - 1 }, () => post(url, { fromUser, toUser, content: 'one of many' }));
  for (const { status } of await Promise.all(others)) expect([201, 202]).toContain(status);
  await eventually(async () => expect(await countIn(url, fromUser, toUser)).toBe(count));
};

/** A record that holds no message, as a client of Kafka could write it. Resolves once it is a dead letter. */
const poison = async (page: ConsolePage, value: string): Promise<void> => {
  const env = { KAFKA_BOOTSTRAP_SERVERS: system.kafka.join(','), KAFKA_TOPIC: DEFAULT_TOPIC };
  await appendRaw(env, [{ key: 'x:y', value: Buffer.from(value), partition: 0 }]);
  await eventually(async () => {
    await page.page.getByRole('button', { name: 'Refresh' }).click();
    await page.page
      .getByRole('link', { name: /schema/i })
      .first()
      .waitFor({ timeout: 1000 });
  });
};

/** What each view must show of the live system. */
const opened = async (page: ConsolePage, view: ConsoleView, message: Message): Promise<void> => {
  const { page: at } = page;
  switch (view) {
    case 'Flow':
      await at.getByText('All numbers as tables').click();
      for (const instance of ['gateway-1', 'ingest-1', 'ingest-2'])
        await at.getByRole('row', { name: new RegExp(`^${instance} .*up`) }).waitFor();
      return;
    case 'Message':
      await at.goto(`${url}/console/messages/${message.messageId}`);
      await at
        .getByText(/^stored$/i)
        .first()
        .waitFor();
      return;
    case 'Conversation':
      await at.goto(`${url}/console/conversation?user1=${message.fromUser}&user2=${message.toUser}`);
      await at
        .getByRole('region', { name: `What ${message.toUser} sees` })
        .getByText(message.content)
        .waitFor();
      return;
    case 'Dead letters':
      await page.enterToken(system.operatorToken);
      await poison(page, '{"n":"is no message"}');
      await at
        .getByRole('link', { name: /schema/i })
        .first()
        .click();
      await at.getByRole('heading', { name: /^Dead letter / }).waitFor();
      return;
    case 'Leadership':
      await at
        .getByText(/metrics-[12]/)
        .first()
        .waitFor();
      return;
    case 'Servers':
      await at.getByRole('row', { name: /^Member [123] primary/ }).waitFor();
      await eventually(async () =>
        expect(await at.getByRole('row', { name: /^Member [123] secondary/ }).count()).toBe(2),
      );
      await at.getByRole('row', { name: /^ingest-2 ingest up/ }).waitFor();
  }
};

testWithBrowser(
  'each view shows the live system, has no violation of axe in either theme, and never scrolls sideways at 375 pixels',
  async () => {
    const message = await send('vera', 'walt', `seen on the page ${randomUUID()}`);
    const page = await ConsolePage.open(browser, url);
    await page.expectFreshness('live');
    const found: string[] = [];
    for (const view of CONSOLE_VIEWS) {
      await page.go(view);
      await opened(page, view, message);
      for (const options of [{ theme: 'light' }, { theme: 'dark' }, { theme: 'light', width: 375 }] as const) {
        await page.opened.show(options);
        const place = `${view}, ${options.theme}, ${'width' in options ? options.width : 'wide'}`;
        for (const { rule, help, places } of await accessibilityViolations(page.opened))
          found.push(`${place}: ${rule}: ${help}: ${places.join('; ')}`);
        if ('width' in options && (await page.opened.sidewaysOverflow()) > 0) found.push(`${place}: scrolls sideways`);
      }
      await page.opened.show({});
    }
    expect(found).toEqual([]);
    expect(page.opened.faults).toEqual([]);
    await page.close();
  },
  120_000,
);

/** Kills a process and resolves to after how many milliseconds the page says so. */
const seenAfter = async (page: ConsolePage, name: string, text: string | RegExp): Promise<number> => {
  await system.tell('kill', name);
  const killedAt = performance.now();
  await page.event(text).waitFor();
  return performance.now() - killedAt;
};

testWithBrowser(
  'a kill of an ingest, of the leader and of the primary is seen on the page within 5 s, and so is each return',
  async () => {
    const page = await ConsolePage.open(browser, url);
    await page.expectFreshness('live');
    const seen: Record<string, number> = {};
    seen['ingest'] = await seenAfter(page, 'ingest-2', 'The ingest ingest-2 gives no sign of life.');
    await system.tell('launch', 'ingest-2');
    await page.event('The ingest ingest-2 is back.').waitFor();

    const { leader } = (await (await fetch(`${url}/stats/leader`)).json()) as { leader: { holder: string } };
    const [other] = ['metrics-1', 'metrics-2'].filter((name) => name !== leader.holder);
    seen['leader'] = await seenAfter(page, leader.holder, `The metrics worker ${leader.holder} gives no sign of life.`);
    await page.event(new RegExp(`^${other} leads the metrics workers, in term `)).waitFor();
    await system.tell('launch', leader.holder);
    await page.event(`The metrics worker ${leader.holder} is back.`).waitFor();

    const primary = await primaryAddress(system.mongoUri);
    const { id } = system.run.mongo.find(({ address }) => address === primary)!;
    seen['primary'] = await seenAfter(
      page,
      id,
      /^(Member \d of the replica set does not answer|MongoDB has no primary)/,
    );
    await page.event(/^Member \d is the primary of MongoDB\.$/).waitFor();
    await system.tell('launch', id);
    await page.event(/^Member \d of the replica set answers again\.$/).waitFor();

    expect(Object.entries(seen).filter(([, ms]) => ms > SEEN_WITHIN_MS)).toEqual([]);
    expect(page.opened.faults).toEqual([]);
    await page.close();
  },
  120_000,
);

testWithBrowser(
  'a dead letter is mended and replayed on the page, and its message is then read on the page',
  async () => {
    const page = await ConsolePage.open(browser, url);
    await page.go('Dead letters');
    await page.enterToken(system.operatorToken);
    await poison(page, '{"fromUser":"xena","content":7}');
    const { page: at } = page;
    await at
      .getByRole('link', { name: /schema/i })
      .first()
      .click();
    await at.getByLabel('From', { exact: true }).fill('xena');
    await at.getByLabel('To', { exact: true }).fill('yuri');
    await at.getByLabel('Content', { exact: true }).fill('mended by an operator');
    await at.getByRole('button', { name: 'Replay with this body' }).click();
    await at.getByText('It is replayed: its message is in the log.').waitFor();
    await page.go('Conversation');
    await at.getByLabel('First user').fill('xena');
    await at.getByLabel('Second user').fill('yuri');
    await at.getByRole('button', { name: 'Open conversation' }).click();
    await at.getByRole('region', { name: 'What yuri sees' }).getByText('mended by an operator').waitFor();
    expect(page.opened.faults).toEqual([]);
    await page.close();
  },
  60_000,
);

testWithBrowser(
  'a person walks back to the first message of a long conversation, sees how many are newer, and returns to the newest',
  async () => {
    await sendMany('nina', 'omar', 530);
    const page = await ConsolePage.open(browser, url, { path: '/conversation?user1=nina&user2=omar' });
    const side = page.page.getByRole('region', { name: 'omar', exact: true });
    const bubbles = side.locator('.bubble');
    const earlier = side.getByRole('button', { name: 'Earlier messages' });
    await earlier.waitFor();
    while (await earlier.isVisible()) {
      const oldest = await bubbles.first().textContent();
      await earlier.click();
      await eventually(async () => expect(await bubbles.first().textContent()).not.toBe(oldest));
    }
    await side.getByText('The conversation begins here.').waitFor();
    expect(await bubbles.first().textContent()).toContain('the first one');
    expect(await bubbles.count()).toBe(500);
    await side.getByText('30 newer messages').waitFor();
    await send('nina', 'omar', 'and one more');
    await side.getByText('31 newer messages').waitFor();
    await side.getByRole('button', { name: 'Go to the newest' }).click();
    await side.getByText('and one more').waitFor();
    expect(await bubbles.count()).toBeLessThan(60);
    expect(page.opened.faults).toEqual([]);
    await page.close();
  },
  60_000,
);

testWithBrowser(
  'with the keyboard alone one reaches every view, and sends a message that the other user sees',
  async () => {
    const page = await ConsolePage.open(browser, url);
    await page.expectFreshness('live');
    const { page: at } = page;
    await at.keyboard.press('Tab');
    await page.tabTo(at.getByRole('link', { name: 'Skip to the content' }));
    await at.keyboard.press('Enter');
    for (const view of [...CONSOLE_VIEWS.slice(1), 'Flow', 'Conversation'] as const) {
      await page.tabTo(page.link(view), 'Shift+Tab');
      await at.keyboard.press('Enter');
      await page.title(view).waitFor();
    }
    for (const [field, name] of [
      ['First user', 'kay'],
      ['Second user', 'lee'],
    ] as const) {
      await page.tabTo(at.getByLabel(field));
      await at.keyboard.press('ControlOrMeta+A');
      await at.keyboard.type(name);
    }
    await at.keyboard.press('Enter');
    const composer = at.getByLabel('Message of kay to lee');
    await composer.waitFor();
    await page.tabTo(composer);
    await at.keyboard.type('typed, not clicked');
    await at.keyboard.press('Enter');
    await at.getByRole('region', { name: 'What lee sees' }).getByText('typed, not clicked').waitFor();
    expect(page.opened.faults).toEqual([]);
    await page.close();
  },
  60_000,
);

testWithBrowser(
  'while the gateway is away the page says that it is stale, and connects by itself once it is back',
  async () => {
    const page = await ConsolePage.open(browser, url);
    await page.expectFreshness('live');
    await system.tell('kill', 'gateway-1');
    await page.expectFreshness('stale', 'lost');
    await page.page.getByText('The page connects again by itself.').first().waitFor();
    await system.tell('launch', 'gateway-1');
    await page.expectFreshness('live');
    expect(await page.page.getByText('The page connects again by itself.').count()).toBe(0);
    // The browser writes of each connection that the dead gateway refused, and of nothing else.
    const others = page.opened.faults.filter(
      ({ text }) => !/\/stats\/stream.*net::ERR_|net::ERR_.*\/stats\/stream/.test(text),
    );
    expect(others).toEqual([]);
    await page.close();
  },
  90_000,
);
