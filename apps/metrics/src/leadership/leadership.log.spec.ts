import { LeaseUnreadableError } from '@wiber/mongo';
import type { WiberLogger } from '@wiber/observability';
import { LeaseOutageLog } from './leadership.log.ts';

test('an outage of the store is logged once, then every 30 s, and its end once', () => {
  const lines: string[] = [];
  const line = (level: string) => (first: unknown) =>
    void lines.push(typeof first === 'string' ? `${level} ${first}` : level);
  let now = 0;
  const log = new LeaseOutageLog({ warn: line('warn'), info: line('info') } as unknown as WiberLogger, () => now);
  log.answered();
  for (; now <= 60_000; now += 1000) log.failed('renew', new Error('away'));
  expect(lines).toEqual(['warn', 'warn', 'warn']);
  log.answered();
  log.answered();
  log.failed('renew', new Error('away'));
  expect(lines.slice(3)).toEqual(['info the store of the lease answers again', 'warn']);
});

test('a lease that no one can read is an error line that names the document and what to do, also within an outage', () => {
  const lines: unknown[] = [];
  const logger = { warn: () => void lines.push('warn'), error: (_: unknown, text: string) => void lines.push(text) };
  const log = new LeaseOutageLog(logger as unknown as WiberLogger, () => 0);
  log.failed('look', new Error('away'));
  log.failed('look', new LeaseUnreadableError('metrics:chat:messages', 'term'));
  log.failed('look', new LeaseUnreadableError('metrics:chat:messages', 'term'));
  expect(lines).toEqual(['warn', expect.stringMatching(/'metrics:chat:messages' .* as its term; delete the document/)]);
});
