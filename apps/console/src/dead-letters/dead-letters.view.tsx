import { Empty } from '../frame/empty.tsx';
import { PageHeader } from '../frame/page.header.tsx';

export function DeadLettersView() {
  return (
    <>
      <PageHeader title="Dead letters" about="This view is being built." />
      <Empty title="Nothing here yet" />
    </>
  );
}
