import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClockDto, ClocksDto } from '@wiber/contracts';
import { primaryAddress } from '@wiber/evidence';
import { AppMetrics, OwnSystem, eventually, hasFaketime } from '@wiber/harness';
import { countIn, post, type Answer } from './api.client.ts';

const HOUR_S = 3600;
const HOUR_MS = 3_600_000;
/**
 * How many seconds the clocks of processes are ahead. Without libfaketime (Debian: libfaketime) all clocks are right, and the same
 * must be shown of them.
 */
const CLOCKS: Readonly<Record<string, number>> = hasFaketime()
  ? {
      'gateway-2': HOUR_S,
      'gateway-3': -HOUR_S,
      'ingest-1': -HOUR_S / 2,
      'metrics-1': HOUR_S / 2,
      'kafka-3': -HOUR_S,
      'mongo-3': HOUR_S,
    }
  : {};
const WARNED = ['gateway-2', 'gateway-3'].filter((name) => name in CLOCKS);
const aheadMs = (name: string) => (CLOCKS[name] ?? 0) * 1000;
const WARNING = 'the clock of this gateway differs from those of the brokers';

let system: OwnSystem;
let sent = 0;
const refused: Answer[] = [];

beforeAll(async () => {
  const env = { METRICS_SERVERS_PERIOD_MS: '1000' };
  const counts = { brokers: 3, mongod: 3, gateway: 3, ingest: 1, metrics: 1 };
  system = await OwnSystem.start(counts, { clocks: CLOCKS, env });
}, 240_000);

afterAll(() => system?.close(), 60_000);

/** One message of each gateway in each of some conversations, so that every partition has fresh ones. */
const sendAll = async (): Promise<void> => {
  for (const url of system.urlsOf('gateway')) {
    const pairs = Array.from({ length: 24 }, (_, index) => ({
      fromUser: 'hub',
      toUser: `user${index}`,
      content: 'tick',
    }));
    const answers = await Promise.all(pairs.map((body) => post(url, body)));
    refused.push(...answers.filter(({ status }) => status !== 202));
    sent += pairs.length;
  }
};

const shownClocks = async (): Promise<ClocksDto> => {
  const headers = { Authorization: `Bearer ${system.operatorToken}` };
  const answer = await fetch(`${system.urlOf('gateway')}/stats/clocks`, { headers });
  if (!answer.ok) throw new Error(`/stats/clocks answers ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as ClocksDto;
};

/** The name that the stack has for a clock of the view. */
const processOf = ({ kind, name }: Pick<ClockDto, 'kind' | 'name'>): string => {
  if (kind === 'broker') return `kafka-${name}`;
  return kind === 'member' ? memberOf(name) : name;
};
const memberOf = (address: string): string =>
  system.run.mongo.find((member) => member.address === address)?.id ?? `no member at ${address}`;

const skewsShown = async (): Promise<Map<string, number>> => {
  const metrics = await AppMetrics.read(system.urlOf('ingest'));
  return new Map(
    ['gateway-1', 'gateway-2', 'gateway-3'].map((gateway) => [
      gateway,
      metrics.sum('wiber_clock_skew_seconds', { labels: { gateway } }),
    ]),
  );
};

const warningsOf = (gateway: string): number =>
  readFileSync(join(system.logs, 'ingest-1.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes(WARNING) && line.includes(`"${gateway}"`)).length;

test('every clock is shown within its uncertainty: gateways, ingest, worker, brokers and members that are an hour or half of one wrong, and those that are right', async () => {
  await eventually(
    async () => {
      await sendAll();
      const { clocks, reference, unknown, total } = await shownClocks();
      expect(unknown).toEqual([]);
      expect([...clocks].map(processOf).sort()).toEqual(
        [
          ...['gateway-1', 'gateway-2', 'gateway-3', 'ingest-1', 'kafka-1', 'kafka-2', 'kafka-3', 'metrics-1'],
          ...['mongo-1', 'mongo-2', 'mongo-3'],
        ].sort(),
      );
      expect(total).toBe(11);
      expect(reference).toBe(await primaryAddress(system.mongoUri));
      const primaryMs = aheadMs(memberOf(reference));
      for (const clock of clocks) {
        const { offsetMs, uncertaintyMs = Infinity } = clock;
        const error = Math.abs(offsetMs - (aheadMs(processOf(clock)) - primaryMs));
        expect({ clock, isWithin: error <= uncertaintyMs }).toEqual({ clock, isWithin: true });
        // What is less sure than that does not tell a right clock from a wrong one.
        expect(uncertaintyMs).toBeLessThan(HOUR_MS / 4);
      }
    },
    { within: 120_000 },
  );
}, 180_000);

test('ingest exports how far each gateway is from most of the brokers, in seconds, and warns once of those that are wrong', async () => {
  await eventually(
    async () => {
      await sendAll();
      for (const [gateway, skewS] of await skewsShown()) {
        const ahead = CLOCKS[gateway] ?? 0;
        expect(skewS).toBeLessThanOrEqual(ahead + 0.001);
        expect(skewS).toBeGreaterThan(ahead - HOUR_S / 4);
      }
      for (const gateway of WARNED) expect(warningsOf(gateway)).toBe(1);
    },
    { within: 60_000 },
  );
  // Two looks of the alarm later it is still said once.
  const start = performance.now();
  await eventually(async () => {
    await sendAll();
    expect(performance.now() - start).toBeGreaterThan(11_000);
  });
  for (const gateway of WARNED) expect(warningsOf(gateway)).toBe(1);
  if (hasFaketime()) expect(warningsOf('gateway-1')).toBe(0);
}, 120_000);

test('a wrong clock refuses nothing, and everything is stored', async () => {
  expect(refused).toEqual([]);
  await eventually(async () => expect(await countIn(system.urlOf('gateway'), 'hub', 'user0')).toBe(sent / 24), {
    within: 60_000,
  });
}, 90_000);
