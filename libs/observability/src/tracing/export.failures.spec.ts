import { ExportFailures } from './export.failures.ts';

test('a collector that is away makes one line a minute, with its reason alone and how many more there were', () => {
  const lines: { message: string; reason: string; more: number }[] = [];
  let now = 0;
  const failures = new ExportFailures(
    (message, detail) => void lines.push({ message, ...detail }),
    () => now,
  );
  const error = { name: 'OTLPExporterError', message: 'Bad Request', stack: 'secret', data: 'secret', code: '400' };
  for (; now < 120_000; now += 1000) failures.logger.error(JSON.stringify(error));
  expect(lines).toEqual([
    {
      message: expect.stringContaining('messages are not affected') as string,
      reason: 'OTLPExporterError: Bad Request',
      more: 0,
    },
    { message: expect.any(String) as string, reason: 'OTLPExporterError: Bad Request', more: 59 },
  ]);
});

test('a report that is no JSON is cut, and what the SDK says at lower levels is not of interest', () => {
  const reasons: string[] = [];
  const { logger } = new ExportFailures((_, { reason }) => void reasons.push(reason));
  logger.info();
  logger.debug();
  logger.warn('x'.repeat(5000));
  expect(reasons).toEqual(['x'.repeat(200)]);
});
