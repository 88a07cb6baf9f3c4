import { Button } from '@radix-ui/themes';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { announce } from '../frame/announcement.ts';
import { Loading } from '../frame/loading.tsx';
import { Panel } from '../frame/panel.tsx';
import { StateMark } from '../frame/state.mark.tsx';
import { Composer } from './composer.tsx';
import type { ConversationSession, Side } from './conversation.session.ts';
import type { ReaderState } from './live.reader.ts';
import { NewerMessages } from './newer.messages.tsx';
import { ReadProblem } from './read.problem.tsx';
import { Talk } from './talk.tsx';

/** The conversation as one user has it: read with this user's token, and sent as this user. */
export function SidePanel({ side, session }: { side: Side; session: ConversationSession }) {
  const { me, other, reader, deliveries } = side;
  const state = useSyncExternalStore(reader.state.subscribe, reader.state.get);
  const sent = useSyncExternalStore(deliveries.state.subscribe, deliveries.state.get);
  useArrivals(side, state);
  const { messages, lacking } = state.window;
  // Who sends wants to see the message arrive.
  const send = (content: string) => {
    if (lacking !== undefined) reader.returnToNewest();
    return deliveries.send(content, session.signal);
  };
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
          isAtNewest={lacking === undefined}
          onRetry={(key) => void deliveries.retry(key, session.signal)}
          onDismiss={(key) => deliveries.dismiss(key)}
        >
          <TalkBegin state={state} onLoad={() => void reader.loadOlder(session.signal)} />
        </Talk>
      )}
      {lacking !== undefined && (
        <NewerMessages count={lacking} isBusy={state.isReturning} onReturn={() => reader.returnToNewest()} />
      )}
      <Composer me={me} other={other} send={send} />
    </Panel>
  );
}

function TalkBegin({ state: { window, isLoadingOlder }, onLoad }: { state: ReaderState; onLoad: () => void }) {
  if (window.older === undefined) return window.isWalked ? <p className="note">The conversation begins here.</p> : null;
  return (
    <Button variant="ghost" size="1" loading={isLoadingOlder} onClick={onLoad}>
      Earlier messages
    </Button>
  );
}

function ReadState({ state: { isLoading, problem, window } }: { state: ReaderState }) {
  if (problem !== undefined) return <StateMark tone="bad">Not reading</StateMark>;
  if (window.lacking !== undefined) return <StateMark tone="plain">Not at the newest</StateMark>;
  return isLoading ? <StateMark tone="plain">Reading</StateMark> : <StateMark tone="good">Up to date</StateMark>;
}

/**
 * Reads aloud what the other user's message says. What was there when the conversation was opened, or when the reader came
 * back to its newest end, is not new.
 */
const useArrivals = ({ me, other }: Side, { window, isLoading }: ReaderState): void => {
  const newest = window.messages.at(-1);
  const isFollowing = !isLoading && window.lacking === undefined;
  const last = useRef<string | undefined>(undefined);
  const wasFollowing = useRef(false);
  useEffect(() => {
    const isNew = wasFollowing.current && isFollowing && newest !== undefined && newest.messageId !== last.current;
    if (isNew && newest.toUser === me) announce(`${me} got from ${other}: ${newest.content.slice(0, 200)}`);
    last.current = newest?.messageId;
    wasFollowing.current = isFollowing;
  }, [newest, isFollowing, me, other]);
};
