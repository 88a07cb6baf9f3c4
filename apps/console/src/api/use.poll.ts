import { useEffect } from 'react';

/** Calls `ask` every `everyMs` milliseconds while somebody sees the page, and at once when it is seen again. */
export function usePoll(ask: () => void, everyMs: number): void {
  useEffect(() => {
    let timer: number | undefined;
    const stop = () => window.clearInterval(timer);
    const follow = () => {
      stop();
      if (document.hidden) return;
      timer = window.setInterval(ask, everyMs);
    };
    const returned = () => {
      follow();
      if (!document.hidden) ask();
    };
    follow();
    document.addEventListener('visibilitychange', returned);
    return () => {
      stop();
      document.removeEventListener('visibilitychange', returned);
    };
  }, [ask, everyMs]);
}
