import { deadLetterRisksOf, mendingCommand, topicRisksOf } from './topic.settings.ts';

const SAFE = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'min.insync.replicas': '2',
  'max.message.bytes': '1048588',
  'compression.type': 'uncompressed',
  'message.timestamp.type': 'LogAppendTime',
  'unclean.leader.election.enable': 'false',
};
const settingsWith = (changed: Record<string, string>) => new Map(Object.entries({ ...SAFE, ...changed }));
const risksOf = (changed: Record<string, string>, replicas = 3, brokers = replicas) =>
  topicRisksOf(settingsWith(changed), replicas, brokers);

test('a topic as the stack and compose make it has no risk, nor has one of a single broker', () => {
  expect(risksOf({})).toEqual([]);
  expect(risksOf({ 'min.insync.replicas': '1' }, 1)).toEqual([]);
  expect(topicRisksOf(new Map(), 3)).toEqual([]);
  expect(risksOf({ 'compression.type': 'gzip' }, 3, 5)).toEqual([]);
});

test.each([
  ['cleanup.policy', 'compact', 'refuse'],
  ['cleanup.policy', 'compact,delete', 'refuse'],
  ['retention.ms', '604800000', 'warn'],
  ['retention.bytes', '1000', 'warn'],
  ['min.insync.replicas', '1', 'warn'],
  ['max.message.bytes', '60000', 'warn'],
  ['min.insync.replicas', '4', 'warn'],
  ['compression.type', 'zstd', 'refuse'],
  ['compression.type', 'lz4', 'refuse'],
  ['compression.type', 'snappy', 'refuse'],
  ['message.timestamp.type', 'CreateTime', 'warn'],
  ['unclean.leader.election.enable', 'true', 'warn'],
])('%s=%s is noticed, and the command that mends it is given', (setting, is, type) => {
  const risks = risksOf({ [setting]: is });
  expect(risks).toEqual([expect.objectContaining({ setting, is, type })]);
  expect(mendingCommand('chat', risks, 'b:9092')).toBe(
    `kafka-configs.sh --bootstrap-server b:9092 --alter --entity-type topics --entity-name chat --add-config ${setting}=${risks[0]!.wants}`,
  );
});

test.each([
  [1, 3, '3'],
  [1, 2, '2'],
  [2, 3, '3'],
  [2, 9, '3'],
])('%i replicas on %i brokers are noticed, and how they are given is said', (replicas, brokers, wants) => {
  const risks = risksOf({ 'min.insync.replicas': '1' }, replicas, brokers).filter(({ is }) => is === String(replicas));
  expect(risks.at(-1)).toMatchObject({ setting: 'replication.factor', wants, type: 'warn' });
  expect(mendingCommand('chat', risks.slice(-1), 'b:9092')).toBe(
    'kafka-reassign-partitions.sh --bootstrap-server b:9092',
  );
});

test.each([
  ['cleanup.policy', 'compact', 'refuse'],
  ['compression.type', 'zstd', 'refuse'],
  ['retention.ms', '1000', 'warn'],
])('%s=%s of a dead-letter topic is noticed for what it does to dead letters', (setting, is, type) => {
  const risks = deadLetterRisksOf(settingsWith({ [setting]: is }), 3);
  expect(risks).toEqual([expect.objectContaining({ setting, is, type })]);
  expect(risks[0]?.harm).toContain('dead letter');
});
