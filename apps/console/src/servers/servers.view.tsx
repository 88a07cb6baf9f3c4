import { useCallback } from 'react';
import type { ClocksDto, ServersDto } from '@wiber/contracts';
import { callApi } from '../api/api.client.ts';
import { usePoll } from '../api/use.poll.ts';
import { useRequest } from '../api/use.request.ts';
import { ErrorState } from '../frame/error.state.tsx';
import { Loading } from '../frame/loading.tsx';
import { PageHeader } from '../frame/page.header.tsx';
import { useOperatorToken } from '../api/operator.token.ts';
import { useLookStream } from '../stream/look.stream.ts';
import { UnknownParts } from '../stream/unknown.parts.tsx';
import { BrokersPanel } from './brokers.panel.tsx';
import { ClocksPanel } from './clocks.panel.tsx';
import { CopiesPanel } from './copies.panel.tsx';
import { DisksPanel } from './disks.panel.tsx';
import { GroupPanel } from './group.panel.tsx';
import { MembersPanel } from './members.panel.tsx';
import { ProcessesPanel } from './processes.panel.tsx';
import { OperatorHint } from './operator.hint.tsx';
import './servers.css';

/** How often the leader of the metrics workers looks at the servers is a setting; its default is 15 seconds. */
const EVERY_MS = 5000;

export function ServersView() {
  const { look, problem } = useLookStream();
  const hasToken = useOperatorToken() !== undefined;
  return (
    <>
      <PageHeader
        title="Servers"
        about="Brokers, copies, members and processes live; addresses, sizes and clocks with the operator's token."
      />
      <div className="servers">
        {look === undefined &&
          (problem === undefined ? <Loading what="Waiting for the first look" /> : <ErrorState problem={problem} />)}
        {look !== undefined && (
          <>
            <UnknownParts look={look} />
            <BrokersPanel look={look} />
            <MembersPanel look={look} />
            <CopiesPanel look={look} />
            <ProcessesPanel look={look} />
          </>
        )}
        {hasToken ? <ForOperators /> : <OperatorHint />}
      </div>
    </>
  );
}

/** What only operators see: the last look of the leader of the metrics workers. */
function ForOperators() {
  const servers = useOperatorRequest<ServersDto>('/stats/servers');
  const clocks = useOperatorRequest<ClocksDto>('/stats/clocks');
  return (
    <>
      {servers.problem !== undefined && <OperatorProblem request={servers} />}
      {servers.problem === undefined && servers.data === undefined && <Loading what="Asking for the servers" />}
      {servers.data !== undefined && (
        <>
          <GroupPanel servers={servers.data.data} />
          <DisksPanel servers={servers.data.data} />
        </>
      )}
      {clocks.problem !== undefined && servers.problem === undefined && <OperatorProblem request={clocks} />}
      {clocks.data !== undefined && <ClocksPanel clocks={clocks.data.data} />}
    </>
  );
}

function useOperatorRequest<T>(path: string) {
  const token = useOperatorToken();
  const ask = useCallback((signal: AbortSignal) => callApi<T>({ path, asOperator: true, signal }), [path]);
  // Another token is another question; the token itself is no part of any key that could be shown.
  const request = useRequest(`${path} ${token === undefined ? 'without' : 'with'} token`, ask);
  usePoll(request.refresh, EVERY_MS);
  return request;
}

function OperatorProblem({
  request: { problem, reload },
}: {
  request: Pick<ReturnType<typeof useOperatorRequest>, 'problem' | 'reload'>;
}) {
  if (problem === undefined) return null;
  return (
    <div className="wide">
      <ErrorState problem={problem} onRetry={reload} />
    </div>
  );
}
