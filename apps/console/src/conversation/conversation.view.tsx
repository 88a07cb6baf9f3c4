import { Empty } from '../frame/empty.tsx';
import { PageHeader } from '../frame/page.header.tsx';

export function ConversationView() {
  return (
    <>
      <PageHeader title="Conversation" about="This view is being built." />
      <Empty title="Nothing here yet" />
    </>
  );
}
