import { useSyncExternalStore } from 'react';
import { announcement } from '../frame/announcement.ts';

export function LiveRegion() {
  const text = useSyncExternalStore(announcement.subscribe, announcement.get);
  return (
    <div role="status" aria-live="polite" className="unseen">
      {text}
    </div>
  );
}
