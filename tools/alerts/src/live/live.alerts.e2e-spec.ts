import { PrometheusServer } from '@wiber/harness';
import { alertsOf, recordsOf, ruleGroups } from '../rules/rule.files.ts';
import { SMALL_FAULTS, SMALL_SYSTEM } from './small.faults.ts';
import { WatchedSystem } from './watched.system.ts';

const missing = PrometheusServer.missing();
if (missing !== undefined) process.stderr.write(`${missing}\n`);
// PrometheusServer.missing says how to get it.
const testLive = missing === undefined ? test : test.skip;

let watched: WatchedSystem | undefined;

beforeAll(async () => {
  if (missing !== undefined) return;
  watched = await WatchedSystem.start(SMALL_SYSTEM);
}, 180_000);

afterAll(() => watched?.close(), 60_000);

/** What a fault may take at most, with what went before: each wait for an alert has 60 s, so that it says what it waited for. */
const WITHIN_MS = 180_000;

/** What Prometheus writes where a template failed or knows no value. */
const BROKEN = /<no value>|error (calling|executing)|NaN/;

/** Ends long after its fault, because its ranges are days: the command makes these end too. */
const SLOW = alertsOf(ruleGroups()).flatMap(({ alert }) => (alert.endsWith('BurnsSlowly') ? [alert] : []));

testLive('a system that runs well has a value for every recording rule, and no alert fires', async () => {
  const { prometheus } = watched!;
  await watched!.untilRecorded(recordsOf(ruleGroups()).map(({ record }) => record));
  const rules = await prometheus.rules();
  expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  await watched!.untilEnded(rules.map(({ name }) => name));
});

for (const { title, alerts, make, mend } of SMALL_FAULTS)
  testLive(
    `${title}: ${alerts.join(', ')}`,
    async () => {
      await watched!.untilEnded(alerts);
      try {
        await make(watched!);
        await watched!.untilFiring(alerts);
        const texts = (await watched!.prometheus.alerts()).flatMap(({ annotations }) => Object.values(annotations));
        expect(texts.filter((text) => BROKEN.test(text))).toEqual([]);
      } finally {
        await mend(watched!);
      }
    },
    WITHIN_MS,
  );

testLive(
  'every alert ends once its fault is over',
  async () => {
    const names = alertsOf(ruleGroups()).map(({ alert }) => alert);
    await watched!.untilEnded(names.filter((name) => !SLOW.includes(name)));
  },
  WITHIN_MS,
);
