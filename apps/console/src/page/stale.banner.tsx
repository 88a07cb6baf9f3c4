import { ExclamationTriangleIcon } from '@radix-ui/react-icons';
import { useEffect, useRef } from 'react';
import { useLookStream } from '../stream/look.stream.ts';
import { announce } from '../frame/announcement.ts';

/** Says above every view that what it shows live is old. Only the change is read aloud, not each second. */
export function StaleBanner() {
  const { freshness, ageS, look, problem } = useLookStream();
  const isOld = freshness === 'stale' || freshness === 'lost';
  const wasOld = useRef(false);
  useEffect(() => {
    if (isOld === wasOld.current) return;
    wasOld.current = isOld;
    announce(isOld ? 'The live data is old. The page connects again by itself.' : 'The live data is fresh again.');
  }, [isOld]);
  if (!isOld) return null;
  return (
    <div className="stale-banner" data-freshness={freshness}>
      <ExclamationTriangleIcon aria-hidden="true" />
      <span>
        <strong>{look === undefined ? 'No live data.' : `Live data is ${String(ageS)} s old.`}</strong>{' '}
        {problem === undefined ? 'The gateway sends nothing.' : `${problem.message} (${problem.code})`} The page
        connects again by itself.
      </span>
    </div>
  );
}
