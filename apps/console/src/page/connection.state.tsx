import { useLookStream, type StreamState } from '../stream/look.stream.ts';

const textOf = ({ freshness, ageS }: StreamState): string => {
  if (freshness === 'live') return 'Live';
  if (freshness === 'connecting') return 'Connecting';
  if (freshness === 'stale') return `Stale · ${String(ageS)} s old`;
  return ageS > 0 ? `Lost · ${String(ageS)} s old` : 'No connection';
};

/** Whether what is shown is fresh. The shape differs as well as the colour: dot, ring, triangle, square. */
export function ConnectionState() {
  const state = useLookStream();
  return (
    <p className="connection" data-freshness={state.freshness}>
      <svg viewBox="0 0 12 12" className="connection-mark" aria-hidden="true">
        {state.freshness === 'live' && <circle cx="6" cy="6" r="4.5" />}
        {state.freshness === 'connecting' && <circle cx="6" cy="6" r="4" className="connection-ring" />}
        {state.freshness === 'stale' && <path d="M6 1 11.5 11H.5Z" />}
        {state.freshness === 'lost' && <rect x="1.5" y="1.5" width="9" height="9" rx="1" />}
      </svg>
      <span>{textOf(state)}</span>
      {state.look !== undefined && <span className="connection-by">by {state.look.by}</span>}
    </p>
  );
}
