import { generationOf } from './generation.log.ts';

test('the generation is read from the line that the coordinator logs after a rebalance', () => {
  const line =
    '2026-11-27T12:01:48,087 INFO GroupMetadataManager [GroupCoordinator id=1 topic=__consumer_offsets partition=3] ' +
    'Stabilized group wiber-consumers generation 3 with 2 members.';
  expect(generationOf(line, 'kafka-1')).toEqual({
    ...{ at: '2026-11-27T12:01:48,087', broker: 'kafka-1', generation: 3, members: 2 },
  });
  expect(generationOf(line.replace('Stabilized', 'Preparing'), 'kafka-1')).toBeUndefined();
});
