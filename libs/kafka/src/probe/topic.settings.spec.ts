import { mendingCommand, topicRisksOf } from './topic.settings.ts';

const SAFE = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'min.insync.replicas': '2',
  'max.message.bytes': '1048588',
};
const risksOf = (changed: Record<string, string>, replicas = 3) =>
  topicRisksOf(new Map(Object.entries({ ...SAFE, ...changed })), replicas);

test('a topic as the stack and compose make it has no risk, nor has one of a single broker', () => {
  expect(risksOf({})).toEqual([]);
  expect(risksOf({ 'min.insync.replicas': '1' }, 1)).toEqual([]);
  expect(topicRisksOf(new Map(), 3)).toEqual([]);
});

test.each([
  ['cleanup.policy', 'compact', 'refuse'],
  ['cleanup.policy', 'compact,delete', 'refuse'],
  ['retention.ms', '604800000', 'warn'],
  ['retention.bytes', '1000', 'warn'],
  ['min.insync.replicas', '1', 'warn'],
  ['max.message.bytes', '60000', 'warn'],
])('%s=%s is noticed, and the command that mends it is given', (setting, is, type) => {
  const risks = risksOf({ [setting]: is });
  expect(risks).toEqual([expect.objectContaining({ setting, is, type })]);
  expect(mendingCommand('chat', risks, 'b:9092')).toBe(
    `kafka-configs.sh --bootstrap-server b:9092 --alter --entity-type topics --entity-name chat --add-config ${setting}=${risks[0]!.wants}`,
  );
});
