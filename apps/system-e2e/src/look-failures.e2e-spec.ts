import type { LookEvent } from '@wiber/contracts';
import { primaryAddress } from '@wiber/evidence';
import { OwnSystem, eventually } from '@wiber/harness';
import { LookClient } from './look.client.ts';
import { DeclaredAnswers, documentOf } from './openapi.client.ts';

const MEMBERS = ['mongo-1', 'mongo-2', 'mongo-3'];
/** Issue 16: a kill is seen on the page so soon. In milliseconds. */
const SEEN_WITHIN_MS = 5000;
let system: OwnSystem;
let stream: LookClient;
let declared: DeclaredAnswers;

beforeAll(async () => {
  system = await OwnSystem.start({ brokers: 1, mongod: 3, gateway: 1, ingest: 2, metrics: 2 });
  const gateway = system.urlOf('gateway');
  declared = new DeclaredAnswers(await documentOf(gateway));
  stream = await LookClient.open(gateway);
}, 180_000);

afterAll(async () => {
  stream?.close();
  await system?.close();
}, 60_000);

/** Kills a process. Resolves to the first bad event about one of the subjects, and the milliseconds until it came. */
const seenAfterKill = async (name: string, subjects: string[]): Promise<{ event: LookEvent; ms: number }> => {
  const seen = stream.events.length;
  await system.tell('kill', name);
  const killedAt = performance.now();
  const isAbout = ({ subject, severity }: LookEvent) => severity === 'bad' && subjects.includes(subject);
  const event = await eventually(() => {
    const found = stream.events.slice(seen).find(isAbout);
    if (!found) throw new Error(`no event about ${subjects.join(' or ')} yet`);
    return found;
  });
  const at = stream.cameAt[stream.looks.findIndex(({ events }) => events.some(({ id }) => id === event.id))]!;
  return { event, ms: at - killedAt };
};

test('all processes are shown a few seconds after somebody begins to look, and each partition with the ingest that reads it', async () => {
  await eventually(() => {
    const { gateways, ingests, workers, partitions, unknown } = stream.last;
    const names = [gateways, ingests, workers].map((list) => list.map(({ instance, status }) => [instance, status]));
    expect(names).toEqual([
      [['gateway-1', 'up']],
      [
        ['ingest-1', 'up'],
        ['ingest-2', 'up'],
      ],
      [
        ['metrics-1', 'up'],
        ['metrics-2', 'up'],
      ],
    ]);
    expect(ingests.flatMap(({ partitions: own }) => own).toSorted((a, b) => a - b)).toEqual(
      partitions.map(({ partition }) => partition),
    );
    expect(partitions.every(({ ingest }) => ingest !== undefined)).toBe(true);
    expect(workers.filter(({ leads }) => leads).map(({ instance, term }) => ({ holder: instance, term }))).toEqual([
      { holder: stream.last.leader!.holder, term: stream.last.leader!.term },
    ]);
    expect(unknown).toEqual([]);
  });
  // They ran before somebody looked.
  expect(stream.events.filter(({ kind }) => kind === 'instance_new')).toEqual([]);
});

test('an ingest that is killed is seen within 5 s, and the other one takes its partitions', async () => {
  const { event, ms } = await seenAfterKill('ingest-1', ['ingest-1']);
  expect(event).toMatchObject({ kind: 'instance_silent', text: 'The ingest ingest-1 gives no sign of life.' });
  expect(ms).toBeLessThan(SEEN_WITHIN_MS);
  await eventually(() => expect(stream.last.partitions.every(({ ingest }) => ingest === 'ingest-2')).toBe(true), {
    within: 60_000,
  });
}, 90_000);

test('a leader of the metrics workers that is killed is seen within 5 s, and then the next one', async () => {
  const { holder, term } = stream.last.leader!;
  const { ms } = await seenAfterKill(holder, [holder]);
  expect(ms).toBeLessThan(SEEN_WITHIN_MS);
  await eventually(() => expect(stream.last.leader?.term).toBeGreaterThan(term), { within: 60_000 });
  expect(stream.events.findLast(({ kind }) => kind === 'leader_new')?.subject).not.toBe(holder);
}, 90_000);

test('a primary of MongoDB that is killed is seen within 5 s, and the processes are heard again under the next one', async () => {
  const address = await primaryAddress(system.mongoUri);
  const addresses = system.mongoUri.split('//')[1]!.split('/')[0]!.split(',');
  const killed = MEMBERS[addresses.indexOf(address)]!;
  const member = stream.last.members.find(({ state }) => state === 'primary')!.member;
  const { ms } = await seenAfterKill(killed, [`member ${member}`]);
  expect(ms).toBeLessThan(SEEN_WITHIN_MS);
  await eventually(
    () => {
      expect(stream.last.members.find(({ state }) => state === 'primary')?.member).not.toBe(member);
      expect(stream.last.gateways).toMatchObject([{ instance: 'gateway-1', status: 'up' }]);
      expect(stream.last.ingests.find(({ instance }) => instance === 'ingest-2')?.status).toBe('up');
    },
    { within: 60_000 },
  );
  // Nobody was heard while there was no primary, and nobody was taken for dead because of that.
  expect(stream.events.filter(({ kind, subject }) => kind === 'instance_gone' && subject === 'gateway-1')).toEqual([]);
}, 90_000);

test('each look at these failures is as the document declares it', () => {
  expect(stream.looks.some(({ ingests }) => ingests.some(({ status }) => status === 'silent'))).toBe(true);
  expect(stream.looks.some(({ members }) => members.some(({ state }) => state === 'gone'))).toBe(true);
  const look = { $ref: '#/components/schemas/LookDto' };
  expect(stream.looks.flatMap((one) => declared.faultsOfValue(one, look))).toEqual([]);
});
