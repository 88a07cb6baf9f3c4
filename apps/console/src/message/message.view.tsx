import { Empty } from '../frame/empty.tsx';
import { PageHeader } from '../frame/page.header.tsx';

export function MessageView() {
  return (
    <>
      <PageHeader title="Message" about="This view is being built." />
      <Empty title="Nothing here yet" />
    </>
  );
}
