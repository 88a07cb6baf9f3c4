import { Empty } from '../frame/empty.tsx';
import { PageHeader } from '../frame/page.header.tsx';

export function FlowView() {
  return (
    <>
      <PageHeader title="Flow" about="This view is being built." />
      <Empty title="Nothing here yet" />
    </>
  );
}
