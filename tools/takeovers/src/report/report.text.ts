import { ALL_KINDS, boundsOf, leaderlessRows } from '../checker/leaderless.promise.ts';
import type { Verdict } from '../checker/run.evidence.ts';
import type { TakeoverOptions } from '../command.line.ts';
import type { TakeoverRun } from '../run/takeover.run.ts';

/** The command that repeats a run with these options. */
export const commandOf = ({ count, seed, kinds, ttlMs, ratePerS }: TakeoverOptions): string =>
  `npm run takeovers -- --count ${count} --seed ${seed} --ttl ${ttlMs} --rate ${ratePerS} --kinds ${kinds.map(({ name }) => name).join(',')}`;

const ms = (value: number): string => (Number.isFinite(value) ? String(Math.round(value)) : 'never').padStart(7);

const rowText = (cells: readonly string[]): string => cells.join('  ');

/** Terms that came although nobody forced them: a slow machine, or a leader that was cut off for longer than its lease. */
export const unforcedTerms = ({ evidence: { trail, takeovers } }: TakeoverRun): number => {
  const claims = new Set(trail.flatMap((write) => (write.type === 'lease' && write.claim ? [write.claim] : [])));
  return claims.size - 1 - takeovers.filter(({ to }) => to).length;
};

const verdictText = ({ promise, looked, broken, brokenCount }: Verdict): string => {
  const head = `${brokenCount === 0 ? 'held  ' : 'BROKEN'} ${promise} (looked at ${looked})`;
  const more = brokenCount - broken.length;
  return [
    head,
    ...broken.map((witness) => `         ${witness}`),
    ...(more > 0 ? [`         and ${more} more`] : []),
  ].join('\n');
};

/** One page. */
export const textOf = (options: TakeoverOptions, run: TakeoverRun, verdicts: readonly Verdict[]): string => {
  const { evidence, messages, seconds } = run;
  const bounds = boundsOf(evidence.ttlMs);
  const head = rowText([
    'kind'.padEnd(13),
    'takeovers',
    'p50 ms'.padStart(7),
    'p99 ms'.padStart(7),
    'max ms'.padStart(7),
  ]);
  const rows = leaderlessRows(evidence).map(({ kind, takeovers, p50, p99, max }) =>
    rowText([kind.padEnd(13), String(takeovers).padStart(9), ms(p50), ms(p99), ms(max)]),
  );
  const terms = evidence.trail.flatMap((write) => (write.type === 'lease' ? [write.term ?? 0] : []));
  return [
    commandOf(options),
    '',
    `${evidence.takeovers.length} takeovers of ${options.count} in ${Math.round(seconds)} s; the last term is ${terms.at(-1) ?? 0}`,
    `${unforcedTerms(run)} terms more than were forced`,
    `${messages.accepted} messages accepted meanwhile, ${messages.failed} not; ${evidence.windows.recount.length} windows`,
    '',
    `time without a leader, from the fault on; ttl ${evidence.ttlMs} ms, bounds: p50 ${bounds.p50} ms, p99 ${bounds.p99} ms`,
    head,
    ...rows.filter((row) => !row.startsWith(ALL_KINDS)),
    ...rows.filter((row) => row.startsWith(ALL_KINDS)),
    '',
    ...verdicts.map(verdictText),
    '',
  ].join('\n');
};
