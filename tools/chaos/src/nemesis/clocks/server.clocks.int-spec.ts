import { memberTime } from '@wiber/evidence';
import { OwnServers, eventually, hasFaketime } from '@wiber/harness';
import type { ClockMove } from '../../checker/clock.move.ts';
import { rangeOf } from '../../checker/clock.move.ts';
import { Random } from '../../random.ts';
import { BrokerClocks } from '../kafka/broker.clocks.ts';
import { drawCourse } from './clock.course.ts';
import { readClock, wrongByOf, type ClockReading } from './clock.reading.ts';
import { MovingClock } from './moving.clock.ts';

const HOUR_MS = 3_600_000;
/** Without libfaketime a run moves no clock of a server, which command.line.spec shows. */
const SERVERS = hasFaketime() ? ['kafka-1', 'mongo-1'] : [];

let servers: OwnServers;
let brokers: BrokerClocks;
beforeAll(async () => {
  servers = await OwnServers.start({}, { settableClocks: SERVERS });
  brokers = new BrokerClocks(servers.kafka, ['kafka-1']);
}, 120_000);
afterAll(async () => {
  await brokers?.close();
  await servers?.close();
});

const read = (server: string): Promise<ClockReading> =>
  server === 'kafka-1' ? brokers.read(server) : readClock(() => memberTime(servers.run.mongo[0]!.address, 2000));

const untilWrongBy = (server: string, from: number, to: number): Promise<ClockReading> =>
  eventually(async () => {
    const reading = await read(server);
    const wrongBy = wrongByOf(reading);
    if (wrongBy < from || wrongBy > to) throw new Error(`the clock of ${server} is wrong by ${wrongBy} ms`);
    return reading;
  });

test('a broker and a mongod follow a clock that is moved while they run, in either direction, and a clock that is set right', async () => {
  for (const server of SERVERS)
    for (const kind of ['ahead', 'behind'] as const) {
      const moves: ClockMove[] = [];
      const course = drawCourse(kind, new Random(1));
      const clock = new MovingClock({ process: server, course, set: (ms) => servers.setClock(server, ms), moves });
      const { shown, askedAt, answeredAt } = await untilWrongBy(server, HOUR_MS - 60_000, HOUR_MS);
      expect(Math.sign(shown - askedAt)).toBe(kind === 'ahead' ? 1 : -1);
      // What the fault says of its clock leads from what the clock showed to when that was.
      const { earliest, latest } = rangeOf(shown, moves);
      expect(earliest).toBeLessThanOrEqual(answeredAt);
      expect(latest).toBeGreaterThanOrEqual(askedAt);
      await clock.setRight();
      await untilWrongBy(server, 0, 60_000);
    }
}, 120_000);
