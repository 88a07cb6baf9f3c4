import type { Look } from '@wiber/contracts';
import { StateMark } from '../frame/state.mark.tsx';
import type { Freshness } from '../stream/freshness.ts';
import { troublesOf } from './flow.summary.ts';

/** The state of the whole system in a few words. Of old data it says nothing. */
export function FlowVerdict({ look, freshness }: { look: Look; freshness: Freshness }) {
  if (freshness !== 'live') return <StateMark tone="plain">As it was last seen</StateMark>;
  const troubles = troublesOf(look);
  const [worst] = troubles;
  if (worst !== undefined)
    return (
      <StateMark tone={worst.tone}>
        {troubles.length === 1 ? '1 trouble' : `${String(troubles.length)} troubles`}
      </StateMark>
    );
  return <StateMark tone="good">{look.unknown.length === 0 ? 'All is well' : 'All that is known is well'}</StateMark>;
}

/** What needs attention, above everything else. */
export function FlowTroubles({ look }: { look: Look }) {
  const troubles = troublesOf(look);
  if (troubles.length === 0) return null;
  return (
    <section className="troubles" data-tone={troubles[0]?.tone} aria-label="Needs attention">
      <ul>
        {troubles.map(({ tone, text }) => (
          <li key={text}>
            <StateMark tone={tone}>{text}</StateMark>
          </li>
        ))}
      </ul>
    </section>
  );
}
