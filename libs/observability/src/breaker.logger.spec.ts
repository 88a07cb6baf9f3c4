import type { WiberLogger } from './app.logger.ts';
import { breakerLogger } from './breaker.logger.ts';

test('a breaker is logged once when it opens and once when it closes; its tries in between are not logged', () => {
  const lines: string[] = [];
  const write = (level: string) => (fields: { breaker: string }) => void lines.push(`${level} ${fields.breaker}`);
  const onChange = breakerLogger({ warn: write('warn'), info: write('info') } as unknown as WiberLogger, 'reads');
  for (const state of ['open', 'half-open', 'open', 'half-open', 'closed', 'open'] as const) onChange(state);
  expect(lines).toEqual(['warn reads', 'info reads', 'warn reads']);
});
