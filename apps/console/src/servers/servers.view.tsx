import { Empty } from '../frame/empty.tsx';
import { PageHeader } from '../frame/page.header.tsx';

export function ServersView() {
  return (
    <>
      <PageHeader title="Servers" about="This view is being built." />
      <Empty title="Nothing here yet" />
    </>
  );
}
