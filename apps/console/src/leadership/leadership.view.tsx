import { useCallback, useEffect, useState } from 'react';
import type { LeaderDto } from '@wiber/contracts';
import { callApi } from '../api/api.client.ts';
import { usePoll } from '../api/use.poll.ts';
import { useRequest } from '../api/use.request.ts';
import { ErrorState } from '../frame/error.state.tsx';
import { Loading } from '../frame/loading.tsx';
import { PageHeader } from '../frame/page.header.tsx';
import { Panel } from '../frame/panel.tsx';
import { useLookStream } from '../stream/look.stream.ts';
import { LeaderNow } from './leader.now.tsx';
import { TermLine, TermTable } from './term.line.tsx';
import { WindowsPanel } from './windows.panel.tsx';
import './leadership.css';

const LIMITS = [10, 20, 50, 100] as const;
const EVERY_MS = 2000;

export function LeadershipView() {
  const [limit, setLimit] = useState<number>(20);
  const { look } = useLookStream();
  const ask = useCallback(
    (signal: AbortSignal) => callApi<LeaderDto>({ path: '/stats/leader', query: { limit }, signal }),
    [limit],
  );
  const { data, problem, reload, refresh } = useRequest(`leader ${String(limit)}`, ask);
  usePoll(refresh, EVERY_MS);
  // A new leader on the stream is asked about at once.
  const term = look?.leader?.term;
  useEffect(() => reload(), [term, reload]);
  const answer = data?.data;
  return (
    <>
      <PageHeader
        title="Leadership"
        about="One metrics worker leads at a time. Who it is and who it was, and what it has counted."
      />
      <div className="leadership">
        {problem !== undefined && <ErrorState problem={problem} onRetry={reload} />}
        {answer === undefined && problem === undefined && <Loading what="Asking who leads" />}
        {answer !== undefined && (
          <>
            <LeaderNow answer={answer} look={look} />
            <div className="terms">
              <TermLine answer={answer} />
              <Panel
                title="Terms that ended"
                about="Newest first. Times are those of MongoDB's primary."
                side={<LimitChoice limit={limit} onChange={setLimit} />}
              >
                <TermTable history={answer.history} />
              </Panel>
            </div>
          </>
        )}
        <div className="windows">
          <WindowsPanel />
        </div>
      </div>
    </>
  );
}

function LimitChoice({ limit, onChange }: { limit: number; onChange: (limit: number) => void }) {
  return (
    <label>
      <span className="unseen">How many terms</span>
      <select className="select" value={limit} onChange={(event) => onChange(Number(event.target.value))}>
        {LIMITS.map((each) => (
          <option key={each} value={each}>
            last {each}
          </option>
        ))}
      </select>
    </label>
  );
}
