import type { ReactNode } from 'react';

/** How good a state is. Each tone has a mark of its own, so that nobody needs to see its colour. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain';

const MARKS: Record<Tone, ReactNode> = {
  good: <circle cx="6" cy="6" r="4.5" />,
  warn: <path d="M6 1 11.5 11H.5Z" />,
  bad: <path d="M2.6 1 6 4.4 9.4 1 11 2.6 7.6 6 11 9.4 9.4 11 6 7.6 2.6 11 1 9.4 4.4 6 1 2.6Z" />,
  plain: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />,
};

export function StateMark({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="state" data-tone={tone}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {MARKS[tone]}
      </svg>
      <span>{children}</span>
    </span>
  );
}
