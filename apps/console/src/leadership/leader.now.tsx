import { Text } from '@radix-ui/themes';
import { useEffect, useState } from 'react';
import type { LeaderDto, Look } from '@wiber/contracts';
import { Panel } from '../frame/panel.tsx';
import { StateMark } from '../frame/state.mark.tsx';
import { countText, durationText } from '../frame/number.text.ts';
import { dayAndClockText, machineTime } from '../frame/time.text.ts';
import { leaseLeft, sightOf, type LeaseSight } from './lease.watch.ts';

/** Who leads, since when, and how much of the lease is left. */
export function LeaderNow({ answer, look }: { answer: LeaderDto; look?: Look }) {
  const { leader } = answer;
  return (
    <Panel
      title="Leader"
      about="The worker that holds the lease in MongoDB. Only it counts windows."
      className="leader-now"
    >
      {leader === undefined ? (
        <>
          <p className="leader-name">Nobody leads</p>
          <StateMark tone="bad">
            {answer.term === 0 ? 'no worker has led yet' : `the last term was ${countText(answer.term)}`}
          </StateMark>
          <Text as="p" size="2" color="gray" mt="2">
            Messages flow without a leader. Windows are counted later, when a worker leads again.
          </Text>
        </>
      ) : (
        <>
          <p className="leader-name">{leader.holder}</p>
          <dl className="facts">
            <dt>Term</dt>
            <dd className="number">{countText(leader.term)}</dd>
            <dt>Since</dt>
            <dd>
              <time dateTime={machineTime(leader.since)} className="number">
                {dayAndClockText(leader.since)}
              </time>
            </dd>
            <dt>Leads for</dt>
            <dd className="number">{durationText((leader.renewedAt ?? leader.since) - leader.since)}</dd>
            <dt>Lease</dt>
            <dd>
              <LeaseMeter answer={answer} />
            </dd>
          </dl>
        </>
      )}
      {look !== undefined && <Workers look={look} />}
    </Panel>
  );
}

function LeaseMeter({ answer }: { answer: LeaderDto }) {
  const [sight, setSight] = useState<LeaseSight>();
  const [now, setNow] = useState(() => performance.now());
  const seen = sightOf(answer, sight, now);
  if (seen !== sight) setSight(seen);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(performance.now()), 500);
    return () => window.clearInterval(timer);
  }, []);
  const lease = seen === undefined ? undefined : leaseLeft(answer, seen, now);
  if (lease === undefined) return <span>not known</span>;
  const seconds = `${String(Math.ceil(lease.left / 1000))} of ${String(Math.round(lease.ttl / 1000))} s left`;
  return (
    <span className="lease">
      <meter min={0} max={lease.ttl} low={lease.ttl * 0.25} value={lease.left} aria-label="Lease left">
        {seconds}
      </meter>
      <span className="number">{seconds}</span>
    </span>
  );
}

function Workers({ look }: { look: Look }) {
  if (look.workers.length === 0) return null;
  return (
    <ul className="workers" aria-label="Metrics workers">
      {look.workers.map(({ instance, status, leads }) => (
        <li key={instance}>
          <StateMark tone={status === 'up' ? 'good' : status === 'gone' ? 'bad' : 'warn'}>{instance}</StateMark>
          <span>{status === 'up' ? (leads ? 'leads' : 'waits') : status}</span>
        </li>
      ))}
    </ul>
  );
}
