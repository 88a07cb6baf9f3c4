import type { CutRecords, CutsSinceCommit } from '@wiber/kafka';
import { watchUnknownCuts } from './cut.report.ts';

test('records that were deleted from a partition without a leader are reported once it has one, and each once', async () => {
  const cutOf = (partition: number) => ({ topic: 't', partition, offset: 3, count: 4 });
  const [one, other] = [
    { partition: 1, offset: 3 },
    { partition: 2, offset: 3 },
  ];
  const answers: (CutsSinceCommit | undefined)[] = [
    { cuts: [], unknown: [one, other] },
    undefined,
    { cuts: [cutOf(1)], unknown: [other] },
    { cuts: [cutOf(2)], unknown: [] },
  ];
  const asked: number[][] = [];
  const reported: CutRecords[] = [];
  await watchUnknownCuts([one, other], {
    look: async (of) => {
      asked.push(of.map(({ partition }) => partition));
      const answer = answers.shift();
      if (!answer) throw new Error('Kafka is away');
      return answer;
    },
    report: (cut) => void reported.push(cut),
    isStopping: () => false,
    againMs: 0,
  });
  expect(asked).toEqual([[1, 2], [1, 2], [1, 2], [2]]);
  expect(reported).toEqual([cutOf(1), cutOf(2)]);
});

test('an ingest that stops looks no more', async () => {
  const look = () => Promise.reject(new Error('nobody wants to know'));
  const ports = { look, report: () => undefined, isStopping: () => true, againMs: 0 };
  await expect(watchUnknownCuts([{ partition: 1, offset: 3 }], ports)).resolves.toBeUndefined();
});
