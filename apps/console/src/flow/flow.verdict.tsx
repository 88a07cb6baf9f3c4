import type { Look } from '@wiber/contracts';
import { StateMark } from '../frame/state.mark.tsx';
import { troublesOf } from './flow.summary.ts';

/** The state of the whole system in a word. */
export function FlowVerdict({ look }: { look: Look }) {
  const troubles = troublesOf(look);
  if (troubles.length === 0) return <StateMark tone="good">All is well</StateMark>;
  const first = troubles[0] ?? '';
  return (
    <span className="verdict">
      <StateMark tone="bad">{troubles.length === 1 ? first : `${String(troubles.length)} troubles`}</StateMark>
    </span>
  );
}
