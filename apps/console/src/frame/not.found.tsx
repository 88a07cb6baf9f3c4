import { Link } from 'react-router';
import { Empty } from './empty.tsx';
import { PageHeader } from './page.header.tsx';

export function NotFound() {
  return (
    <>
      <PageHeader title="Not found" about="The console has no view at this address." />
      <Empty title="Nothing is here">
        <Link to="/">Go to Flow</Link>
      </Empty>
    </>
  );
}
