import { requireOwnServers } from './server.requirements.ts';

const OPTIONS = {
  brokers: 1,
  mongod: 1,
  ephemeral: true,
  links: false,
  smallDisks: [],
  clocks: new Map(),
  settableClocks: [],
};

afterEach(() => delete process.env['KAFKA_BOOTSTRAP_SERVERS']);

test('--secure makes no server secure that already runs: it is refused with one line that says what to unset', () => {
  requireOwnServers({ ...OPTIONS, secure: true });
  process.env['KAFKA_BOOTSTRAP_SERVERS'] = '127.0.0.1:9092';
  requireOwnServers({ ...OPTIONS, secure: false });
  expect(() => requireOwnServers({ ...OPTIONS, secure: true })).toThrow(
    /^--secure is for servers that it starts itself; unset KAFKA_BOOTSTRAP_SERVERS and MONGO_URI$/,
  );
});
