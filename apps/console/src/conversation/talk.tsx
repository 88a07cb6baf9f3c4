import type { Message } from '@wiber/contracts';
import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { Link } from 'react-router';
import { preciseClockText, machineTime } from '../frame/time.text.ts';
import { DeliveryNote } from './delivery.note.tsx';
import type { Delivery } from './delivery.state.ts';

interface TalkProps {
  me: string;
  messages: readonly Message[];
  sent: readonly Delivery[];
  /** Whether the last message is the newest one of the conversation. */
  isAtNewest: boolean;
  onRetry: (key: string) => void;
  onDismiss: (key: string) => void;
  /** Above the oldest message. */
  children: ReactNode;
}

/** A conversation as a chat, in the order of the log. What was sent and is not read yet stands at its end. */
export function Talk({ me, messages, sent, isAtNewest, onRetry, onDismiss, children }: TalkProps) {
  const scroll = useFollowEnd(`${messages.at(-1)?.messageId ?? ''} ${String(sent.length)}`, isAtNewest);
  const read = new Set(messages.map(({ messageId }) => messageId));
  const deliveryOf = new Map(sent.map((delivery) => [delivery.messageId, delivery]));
  const waiting = sent.filter(({ messageId, isRead }) => !isRead && (messageId === undefined || !read.has(messageId)));
  const note = (delivery: Delivery | undefined) =>
    delivery && <DeliveryNote delivery={delivery} onRetry={onRetry} onDismiss={onDismiss} />;
  return (
    <div className="talk" ref={scroll} tabIndex={0} role="region" aria-label={`What ${me} sees`}>
      {children}
      {messages.length === 0 && waiting.length === 0 && (
        <p className="note talk-empty">No message yet. Send the first.</p>
      )}
      <ol className="talk-list">
        {messages.map((message) => (
          <li key={message.messageId} className="bubble" data-mine={message.fromUser === me}>
            <p className="bubble-text" dir="auto">
              {message.content}
            </p>
            <MessageFacts message={message} />
            {message.fromUser === me && note(deliveryOf.get(message.messageId))}
          </li>
        ))}
        {waiting.map((delivery) => (
          <li key={delivery.key} className="bubble" data-mine="true" data-waiting="true">
            <p className="bubble-text" dir="auto">
              {delivery.content}
            </p>
            {note(delivery)}
          </li>
        ))}
      </ol>
    </div>
  );
}

function MessageFacts({ message: { messageId, timestamp, lamport, fromUser } }: { message: Message }) {
  return (
    <p className="bubble-facts number">
      <time dateTime={machineTime(timestamp)}>{preciseClockText(timestamp)}</time>
      <span>
        <abbr title="Lamport time">L</abbr> {lamport}
      </span>
      <Link
        to={`/messages/${messageId}`}
        aria-label={`Trace of the message of ${fromUser}, Lamport time ${String(lamport)}`}
      >
        Trace
      </Link>
    </p>
  );
}

/** Keeps the end in sight when something comes, unless the reader has scrolled up. Who comes back to the newest sees the end. */
const useFollowEnd = (end: string, isAtNewest: boolean) => {
  const scroll = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    const element = scroll.current;
    if (!element) return;
    const onScroll = () => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
    };
    // In another width messages have other heights.
    const resized = new ResizeObserver(() => {
      if (isAtEnd.current) element.scrollTo({ top: element.scrollHeight });
    });
    resized.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, []);
  useLayoutEffect(() => {
    if (isAtNewest) isAtEnd.current = true;
  }, [isAtNewest]);
  useLayoutEffect(() => {
    if (isAtEnd.current) scroll.current?.scrollTo({ top: scroll.current.scrollHeight });
  }, [end]);
  return scroll;
};
