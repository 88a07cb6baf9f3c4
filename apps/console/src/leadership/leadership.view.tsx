import { Empty } from '../frame/empty.tsx';
import { PageHeader } from '../frame/page.header.tsx';

export function LeadershipView() {
  return (
    <>
      <PageHeader title="Leadership" about="This view is being built." />
      <Empty title="Nothing here yet" />
    </>
  );
}
