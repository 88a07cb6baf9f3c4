import { eventually, freshSystem } from '@wiber/harness';
import { PulseSender } from '@wiber/host';
import { Store } from '@wiber/mongo';
import { changesOf } from './look.changes.ts';
import { calmLook } from './look.double-spec.ts';
import { PulseWatch } from './pulse.watch.ts';

const WITHIN_MS = 900;
const TOPIC = 'shared';
let store: Store;
let watch: PulseWatch;
let before = calmLook({ gateways: [] });
const told: string[] = [];
const lines: string[] = [];
const begun: PulseSender[] = [];

beforeAll(async () => {
  const env = await freshSystem();
  store = Store.connect({
    ...{ uri: env['MONGO_URI']!, database: env['MONGO_DB']!, collection: 'messages' },
    ...{ appName: 'spec', serverSelectionMs: 5000 },
  });
  await store.open();
  watch = new PulseWatch({ store: store.figures.pulseStore(), topic: TOPIC });
});
afterAll(async () => {
  for (const sender of begun) sender.beforeApplicationShutdown();
  await store?.close();
});

/** A process that writes pulses as gateway-1 does. Its lines are kept under `name`. */
const begin = (name: string): PulseSender => {
  const say = (...said: unknown[]) => void lines.push(`${name}: ${String(said.at(-1))}`);
  const sender = new PulseSender({
    ...{ store: store.figures.pulseStore(), topic: TOPIC, app: 'gateway', instance: 'gateway-1' },
    breakers: { states: {} },
    state: { isDraining: false, onDrain: () => undefined },
    logger: { warn: say, info: say } as never,
  });
  sender.watch<'gateway'>(async () => ({ accepted: 0, refused: 0, waiting: 0, queued: 0 }));
  sender.onApplicationBootstrap();
  begun.push(sender);
  return sender;
};

/** Looks as a gateway does, and keeps what it would tell. */
const look = async () => {
  await watch.look(WITHIN_MS);
  const now = calmLook({ gateways: watch.instances.gateways });
  told.push(...changesOf(before, now).map(({ kind }) => kind));
  before = now;
  return now.gateways;
};

/** The pulses of the process that runs have come so often. */
const heard = (times: number) => {
  const ages = new Set<number>();
  return eventually(async () => {
    const [gateway] = await look();
    if (gateway) ages.add(gateway.upMs);
    expect(ages.size).toBeGreaterThan(times);
  });
};

test('two processes that run under one name are told, in the log of each as well; a process that is started again under its name is not', async () => {
  const first = begin('first');
  await heard(3);
  first.beforeApplicationShutdown();
  begin('second');
  await heard(4);
  expect([told, lines]).toEqual([['instance_new'], []]);

  const third = begin('third');
  await eventually(async () => {
    expect(await look()).toMatchObject([{ instance: 'gateway-1', isShared: true }]);
    expect(lines.map((line) => line.split(' ').slice(0, 3).join(' ')).toSorted()).toEqual([
      'second: another process',
      'third: another process',
    ]);
  });
  expect(told).toEqual(['instance_new', 'instance_shared']);

  third.beforeApplicationShutdown();
  await eventually(async () => expect(await look()).toMatchObject([{ isShared: false, status: 'up' }]));
  expect(told).toEqual(['instance_new', 'instance_shared', 'instance_single']);
  expect(lines).toHaveLength(2);
});
