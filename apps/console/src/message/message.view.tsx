import { useParams, useSearchParams } from 'react-router';
import '../styles/message.css';
import { Empty } from '../frame/empty.tsx';
import { PageHeader } from '../frame/page.header.tsx';
import { readMessageId } from '../messages/message.rules.ts';
import { FindForm } from './find.form.tsx';
import { readPosition } from './message.search.ts';
import { TracePanel } from './trace.panel.tsx';

/** What happened to one message. The address of the page names it. */
export function MessageView() {
  const { messageId: asked = '' } = useParams();
  const [search] = useSearchParams();
  const messageId = readMessageId(asked);
  const address = messageId === undefined ? undefined : { messageId, ...readPosition(search) };
  const key = `${asked}?${search.toString()}`;
  return (
    <>
      <PageHeader title="Message" about="What happened to one message, from the request to the store." />
      <FindForm key={key} asked={asked} />
      {address ? (
        <TracePanel key={`trace ${key}`} address={address} />
      ) : (
        <Empty title="No message is open">
          Paste the id of a message, or the Location that the answer to a send has. Each message of a conversation has a
          link to its trace as well.
        </Empty>
      )}
    </>
  );
}
