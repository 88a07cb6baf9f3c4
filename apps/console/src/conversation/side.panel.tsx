import { Button } from '@radix-ui/themes';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { announce } from '../frame/announcement.ts';
import { Loading } from '../frame/loading.tsx';
import { Panel } from '../frame/panel.tsx';
import { StateMark } from '../frame/state.mark.tsx';
import { Composer } from './composer.tsx';
import type { ConversationSession, Side } from './conversation.session.ts';
import type { ReaderState } from './live.reader.ts';
import { ReadProblem } from './read.problem.tsx';
import { Talk } from './talk.tsx';

/** The conversation as one user has it: read with this user's token, and sent as this user. */
export function SidePanel({ side, session }: { side: Side; session: ConversationSession }) {
  const { me, other, reader, deliveries } = side;
  const state = useSyncExternalStore(reader.state.subscribe, reader.state.get);
  const sent = useSyncExternalStore(deliveries.state.subscribe, deliveries.state.get);
  useArrivals(side, state);
  const { messages, older } = state.window;
  return (
    <Panel
      title={me}
      about={`Reads and sends with a token of ${me}’s own`}
      side={<ReadState state={state} />}
      className="side"
    >
      {state.problem !== undefined && <ReadProblem problem={state.problem} hasData={messages.length > 0} />}
      {state.isLoading ? (
        <Loading what="Reading the conversation" />
      ) : (
        <Talk
          me={me}
          messages={messages}
          sent={sent}
          onRetry={(key) => void deliveries.retry(key, session.signal)}
          onDismiss={(key) => deliveries.dismiss(key)}
        >
          {older !== undefined && (
            <Button
              variant="ghost"
              size="1"
              loading={state.isLoadingOlder}
              onClick={() => void reader.loadOlder(session.signal)}
            >
              Earlier messages
            </Button>
          )}
        </Talk>
      )}
      <Composer me={me} other={other} send={(content) => deliveries.send(content, session.signal)} />
    </Panel>
  );
}

function ReadState({ state: { isLoading, problem } }: { state: ReaderState }) {
  if (problem !== undefined) return <StateMark tone="bad">Not reading</StateMark>;
  return isLoading ? <StateMark tone="plain">Reading</StateMark> : <StateMark tone="good">Up to date</StateMark>;
}

/** Reads aloud what the other user's message says. What was there when the conversation was opened is not new. */
const useArrivals = ({ me, other }: Side, { window, isLoading }: ReaderState): void => {
  const newest = window.messages.at(-1);
  const last = useRef<string | undefined>(undefined);
  const isOpen = useRef(false);
  useEffect(() => {
    const isNew = isOpen.current && newest !== undefined && newest.messageId !== last.current;
    if (isNew && newest.toUser === me) announce(`${me} got from ${other}: ${newest.content.slice(0, 200)}`);
    last.current = newest?.messageId;
    isOpen.current = !isLoading;
  }, [newest, isLoading, me, other]);
};
