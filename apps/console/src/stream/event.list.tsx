import { memo } from 'react';
import type { LookEvent } from '@wiber/contracts';
import { Empty } from '../frame/empty.tsx';
import { StateMark, type Tone } from '../frame/state.mark.tsx';
import { clockText, dayAndClockText, machineTime } from '../frame/time.text.ts';
import type { SeenEvent } from './look.history.ts';

const TONES: Record<LookEvent['severity'], Tone> = { good: 'good', info: 'plain', bad: 'bad' };
const WORDS: Record<LookEvent['severity'], string> = { good: 'good', info: 'change', bad: 'trouble' };

interface EventListProps {
  events: readonly SeenEvent[];
  empty: string;
}

/** What changed, newest first, each with its time. */
export const EventList = memo(function EventList({ events, empty }: EventListProps) {
  if (events.length === 0) return <Empty title={empty}>Changes appear here while somebody looks.</Empty>;
  return (
    // A list that scrolls must take the focus, so that keys can scroll it.
    <ol className="event-list" tabIndex={0} aria-label="Events, newest first">
      {events.map(({ key, at, severity, text, subject }) => (
        <li key={key} data-severity={severity}>
          <time dateTime={machineTime(at)} title={dayAndClockText(at)} className="number">
            {clockText(at)}
          </time>
          <div>
            <StateMark tone={TONES[severity]}>
              {subject} <span className="unseen">({WORDS[severity]})</span>
            </StateMark>
            <p>{text}</p>
          </div>
        </li>
      ))}
    </ol>
  );
});
