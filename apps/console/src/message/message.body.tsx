import { useRequest } from '../api/use.request.ts';
import { ErrorState } from '../frame/error.state.tsx';
import { Loading } from '../frame/loading.tsx';
import { readMessage } from '../messages/message.api.ts';

/** What a stored message says. */
export function MessageBody({ messageId }: { messageId: string }) {
  const { data, problem, reload } = useRequest(messageId, (signal) => readMessage(messageId, signal));
  if (problem !== undefined) return <ErrorState problem={problem} onRetry={reload} />;
  if (data === undefined) return <Loading what="Reading the message" />;
  return (
    <figure className="message-body">
      <figcaption className="note">
        <bdi>{data.fromUser}</bdi> to <bdi>{data.toUser}</bdi>, Lamport time {data.lamport}
      </figcaption>
      <blockquote dir="auto" tabIndex={0} role="region" aria-label="Content of the message">
        {data.content}
      </blockquote>
    </figure>
  );
}
