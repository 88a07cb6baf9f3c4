import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { eventually } from '@wiber/harness';
import { monotonicNow } from '@wiber/resilience';
import { HostileServer, says, type Reply } from './hostile.server.double-spec.ts';
import { NtpMonitor, type NtpMonitorOptions } from './ntp.monitor.ts';
import type { NtpServerState } from './server.watch.ts';

const PERIOD_MS = 20;
/** Long enough for a machine that is busy: a right answer must come in it. */
const DEADLINE_MS = 3000;
/** For what never comes. */
const SHORT_MS = 100;

let server: HostileServer;
let monitor: NtpMonitor | undefined;

beforeEach(async () => {
  server = await HostileServer.start();
});

afterEach(async () => {
  await monitor?.stop();
  monitor = undefined;
  await server.close();
});

const serverAt = ({ port }: HostileServer) => ({ name: `127.0.0.1:${port}`, host: '127.0.0.1', port });

const watch = (options: Partial<NtpMonitorOptions> = {}) => {
  const refused: string[] = [];
  monitor = new NtpMonitor({
    servers: options.servers ?? [serverAt(server)],
    periodMs: PERIOD_MS,
    warnMs: 100,
    deadlineMs: DEADLINE_MS,
    random: () => 0,
    clocks: { wallNow: () => Date.now(), monotonicNow },
    events: { onRefused: (_, reason) => refused.push(reason), onOff: () => undefined, onBack: () => undefined },
    ...options,
  });
  monitor.start();
  const first = (): NtpServerState => monitor!.servers[0]!;
  return { refused, first };
};

/** Answers rightly at first, with a clock that is 42 s ahead; then `reply`. */
const turned = async (reply: Reply, deadlineMs = DEADLINE_MS) => {
  server.offsetMs = 42_000;
  server.reply = says();
  const watched = watch({ deadlineMs });
  await eventually(() => expect(watched.first().offsetMs).toBeDefined());
  const before = watched.first().offsetMs!;
  // What a lie would bring.
  server.offsetMs = -7_000_000;
  server.reply = reply;
  return { ...watched, before };
};

/** As before, but for the half millisecond to which a wall clock is followed between two measurements. */
const isKept = (before: number, after: number | undefined) => Math.abs(before - (after ?? Infinity)) < 5;

test.each<[string, Reply, string]>([
  ["a kiss-o'-death DENY", says({ stratum: 0, referenceId: 'DENY' }), 'kiss_deny'],
  ["a kiss-o'-death RSTR", says({ stratum: 0, referenceId: 'RSTR' }), 'kiss_rstr'],
  ["a kiss-o'-death RATE", says({ stratum: 0, referenceId: 'RATE' }), 'kiss_rate'],
  ['stratum 0', says({ stratum: 0, referenceId: 'XXXX' }), 'kiss_other'],
  ['stratum 16', says({ stratum: 16 }), 'stratum'],
  ['another stamp than that of the question', says({ origin: randomBytes(8) }), 'origin'],
  ['a short packet', (question, from) => server.send(server.answerTo(question).subarray(0, 47), from), 'length'],
  [
    'a long packet',
    (question, from) => server.send(Buffer.concat([server.answerTo(question), Buffer.alloc(4)]), from),
    'length',
  ],
  ['an empty packet', (_, from) => server.send(Buffer.alloc(0), from), 'length'],
  ['the mode of a client', says({ mode: 3 }), 'mode'],
  ['leap indicator 3', says({ leap: 3 }), 'leap'],
  ['version 7', says({ version: 7 }), 'version'],
  ['no time of its sending', says({ transmitMs: undefined }), 'no_time'],
  ['a root distance of a second', says({ rootDispersionMs: 1000 }), 'distance'],
  ['the question itself', (question, from) => server.send(question, from), 'origin'],
])(
  'a server that answers with %s is refused with its reason, and the offset stays as it was',
  async (_, reply, reason) => {
    const isForeign = ['origin', 'length'].includes(reason);
    const { refused, first, before } = await turned(reply, isForeign ? SHORT_MS : DEADLINE_MS);
    await eventually(() => expect(refused).toContain(reason));
    expect(isKept(before, first().offsetMs)).toBe(true);
    expect(first().refusals.get(reason as never)).toBeGreaterThan(0);
  },
);

test('an answer from another port is dropped by the kernel, so the question has no answer', async () => {
  const fromElsewhere: Reply = (question, from) => server.sendFromElsewhere(server.answerTo(question), from);
  const { refused, first, before } = await turned(fromElsewhere, SHORT_MS);
  await eventually(() => expect(refused).toContain('silence'));
  expect(new Set(refused)).toEqual(new Set(['silence']));
  expect(isKept(before, first().offsetMs)).toBe(true);
});

test('a server that says nothing is silent, and is asked ever more seldom', async () => {
  const { refused, first, before } = await turned(() => undefined, SHORT_MS);
  await eventually(() => expect(refused.length).toBeGreaterThanOrEqual(2));
  expect(new Set(refused)).toEqual(new Set(['silence']));
  expect(isKept(before, first().offsetMs)).toBe(true);
});

test('an answer after the deadline comes to a closed port, and is no answer to the next question', async () => {
  const late: Buffer[] = [];
  const { refused, first, before } = await turned((question, from) => {
    const old = late.shift();
    if (old) server.send(old, from);
    late.push(server.answerTo(question));
  }, SHORT_MS);
  await eventually(() => expect(refused).toEqual(expect.arrayContaining(['silence', 'origin'])));
  expect(new Set(refused)).toEqual(new Set(['silence', 'origin']));
  expect(isKept(before, first().offsetMs)).toBe(true);
});

test('a flood of wrong packets is read up to a bound; then the port is closed', async () => {
  const flood: Reply = (question, from) => {
    for (let count = 0; count < 500; count += 1)
      server.send(server.answerTo(question, { origin: randomBytes(8) }), from);
  };
  const { refused, first, before } = await turned(flood);
  await eventually(() => expect(refused).toContain('flood'));
  expect(refused.indexOf('flood')).toBe(16);
  expect(isKept(before, first().offsetMs)).toBe(true);
});

test('the right answer is taken though wrong ones came before it: nobody else can end a question', async () => {
  server.offsetMs = 42_000;
  server.reply = (question, from) => {
    server.send(server.answerTo(question, { origin: randomBytes(8), stratum: 0, referenceId: 'DENY' }), from);
    server.send(Buffer.alloc(9), from);
    server.sendFromElsewhere(server.answerTo(question, { stratum: 0, referenceId: 'DENY' }), from);
    server.send(server.answerTo(question), from);
  };
  const { refused, first } = watch();
  await eventually(() => expect(first().offsetMs).toBeDefined());
  expect(first().offsetMs! / 1000).toBeCloseTo(42, 1);
  expect(refused.slice(0, 2)).toEqual(['origin', 'length']);
});

test('where nobody listens the kernel says so at once', async () => {
  const { port } = server;
  await server.close();
  const { refused } = watch({ servers: [{ name: 'nobody', host: '127.0.0.1', port }] });
  await eventually(() => expect(refused).toContain('unreachable'));
  server = await HostileServer.start();
});

test.each(['kiss_deny', 'kiss_rstr'] as const)('after a %s the server is never asked again', async (reason) => {
  server.reply = says({ stratum: 0, referenceId: reason.slice(5).toUpperCase() });
  const { first } = watch();
  await eventually(() => expect(first().forbiddenBy).toBe(reason));
  // A second monitor shows that time for more questions went by.
  const witness = await HostileServer.start();
  witness.reply = says();
  const events = { onRefused: () => undefined, onOff: () => undefined, onBack: () => undefined };
  const clocks = { wallNow: () => Date.now(), monotonicNow };
  const other = new NtpMonitor({
    servers: [serverAt(witness)],
    periodMs: PERIOD_MS,
    warnMs: 100,
    random: () => 0,
    clocks,
    events,
  });
  other.start();
  await eventually(() => expect(witness.questions).toBeGreaterThan(5));
  await other.stop();
  await witness.close();
  expect(server.questions).toBe(1);
});

test('eight questions without an answer make the offset unknown, and the state as well', async () => {
  const { first } = await turned(() => undefined, 5);
  expect(monitor?.state).toBe('degraded');
  await eventually(() => expect(first().reached).toBe(0));
  expect([first().offsetMs, first().stratum, monitor?.state]).toEqual([undefined, undefined, 'unknown']);
});

test('a name is resolved for each question, and its next address is asked when one does not answer', async () => {
  let lookups = 0;
  server.reply = says();
  const { port } = server;
  const lookup = async () => {
    lookups += 1;
    return ['127.0.0.2', '127.0.0.1'].map((address) => ({ address, family: 4 }));
  };
  const { first, refused } = watch({ servers: [{ name: 'ntp', host: 'ntp.example', port }], lookup });
  await eventually(() => expect(first().reached).toBe(2));
  expect(refused[0]).toBe('unreachable');
  expect(lookups).toBeGreaterThanOrEqual(3);
});

test('a name that is not found, or whose server of DNS hangs, has a reason; a hanging lookup is asked once', async () => {
  let lookups = 0;
  const hanging = () => {
    lookups += 1;
    return lookups === 1 ? Promise.reject(new Error('ENOTFOUND')) : new Promise<never>(() => undefined);
  };
  const servers = [{ name: 'ntp', host: 'ntp.example', port: 123 }];
  const { refused } = watch({ servers, lookup: hanging, deadlineMs: 5 });
  await eventually(() => expect(refused.length).toBeGreaterThan(3));
  expect(new Set(refused)).toEqual(new Set(['no_name']));
  expect(lookups).toBe(2);
});

test('a stop ends at once, also while a server is silent or DNS hangs', async () => {
  watch({ deadlineMs: 600_000 });
  await eventually(() => expect(server.questions).toBe(1));
  await monitor?.stop();
  watch({
    servers: [{ name: 'ntp', host: 'ntp.example', port: 123 }],
    lookup: () => new Promise(() => undefined),
    deadlineMs: 600_000,
  });
  await new Promise((resolve) => setImmediate(resolve));
  await monitor?.stop();
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

// A machine without IPv6 can't show it.
(hasIpv6 ? test : test.skip)('a server on IPv6 is asked as well', async () => {
  const six = await HostileServer.start('::1');
  six.reply = says();
  const { first } = watch({ servers: [{ name: '[::1]', host: '::1', port: six.port }] });
  await eventually(() => expect(first().reached).toBeGreaterThan(0));
  await six.close();
});

test.each([3_600_000, -3_600_000])('of three servers one that lies by %d ms changes nothing', async (lieMs) => {
  const others = await Promise.all([HostileServer.start(), HostileServer.start()]);
  const all = [server, ...others];
  for (const one of all) one.reply = says();
  server.offsetMs = lieMs;
  watch({ servers: all.map(serverAt) });
  await eventually(() => expect(monitor?.servers.every(({ reached }) => reached > 0)).toBe(true));
  expect(Math.abs((monitor?.servers[0]?.offsetMs ?? Infinity) - lieMs)).toBeLessThan(1000);
  expect(Math.abs(monitor?.offset?.offsetMs ?? Infinity)).toBeLessThan(1000);
  await eventually(() => expect(monitor?.state).toBe('ok'));
  await monitor?.stop();
  await Promise.all(others.map((one) => one.close()));
});
