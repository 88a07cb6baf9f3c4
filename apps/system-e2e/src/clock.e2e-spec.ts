import { GroupReader } from '@wiber/evidence';
import { AppProcess, OwnServers, eventually, freshSystem } from '@wiber/harness';
import { page, post } from './api.client.ts';
import { append, drained, messageOf } from './log.client.ts';

/** Preloaded into an app: each SIGUSR2 sets its wall clock back an hour. The timers of Node and hrtime stay as they are. */
const JUMPING_CLOCK = `
  const Real = Date;
  let backMs = 0;
  globalThis.Date = class Date extends Real {
    constructor(...args) { super(...(args.length === 0 ? [Real.now() - backMs] : args)); }
    static now() { return Real.now() - backMs; }
  };
  process.on('SIGUSR2', () => { backMs += 3600000; process.stdout.write('the clock was set back\\n'); });`;
const WITH_JUMPS = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(JUMPING_CLOCK)}` };
const SESSION_MS = 3000;

let servers: OwnServers;
let env: Record<string, string>;
const running: AppProcess[] = [];

beforeAll(async () => {
  servers = await OwnServers.start();
});
beforeEach(async () => {
  env = { ...(await freshSystem(servers, 1)), ...WITH_JUMPS, KAFKA_SESSION_TIMEOUT_MS: String(SESSION_MS) };
});
afterEach(async () => {
  await servers.tell('resume', 'kafka-1');
  await Promise.all(running.splice(0).map((app) => app.end('SIGKILL')));
});
afterAll(() => servers?.close());

const start = async (name: 'gateway' | 'ingest'): Promise<AppProcess> => {
  const app = await AppProcess.start(name, env);
  running.push(app);
  return app;
};

const setBack = async (app: AppProcess): Promise<void> => {
  const before = app.output.split('the clock was set back').length;
  app.signal('SIGUSR2');
  await eventually(() => expect(app.output.split('the clock was set back')).toHaveLength(before + 1));
};

test('with the wall clock set back an hour while Kafka hangs, POST is answered in its time, the request is given up in its time, and nothing is lost', async () => {
  const [gateway] = await Promise.all([start('gateway'), start('ingest')]);
  const send = (content: string) => post(gateway.url, { fromUser: 'ann', toUser: 'ben', content });
  expect((await send('before')).status).toBe(202);
  await servers.tell('pause', 'kafka-1');
  const hung = send('hung');
  await setBack(gateway);
  const refused = expect.objectContaining({ code: 'log_unavailable' }) as unknown;
  await eventually(async () => expect((await send('refused')).body).toEqual(refused));
  expect((await hung).body).toMatchObject({ code: 'outcome_unknown' });
  await setBack(gateway);
  await eventually(() => expect(gateway.output).toContain('a batch is not acknowledged; it is sent again'));
  await servers.tell('resume', 'kafka-1');
  await eventually(async () => expect((await send('after')).status).toBe(202));
  await eventually(async () => {
    const contents = (await page(gateway.url, ['ann', 'ben'], '?sort=log')).map(({ content }) => content);
    expect(contents.filter((content) => content !== 'refused')).toEqual(['before', 'hung', 'after']);
  });
}, 90_000);

test('an ingest whose wall clock is set back an hour stays in the group and stores what comes', async () => {
  const app = await start('ingest');
  const group = new GroupReader(env);
  const [member] = await group.members();
  await setBack(app);
  const startedAt = performance.now();
  // A member that sends no heartbeat is removed after one session.
  await eventually(() => expect(performance.now() - startedAt).toBeGreaterThan(2 * SESSION_MS));
  expect(await group.members()).toEqual([member]);
  await append(env, [messageOf(1), messageOf(2)], 1);
  await drained(group);
  expect(await group.members()).toEqual([member]);
}, 60_000);
