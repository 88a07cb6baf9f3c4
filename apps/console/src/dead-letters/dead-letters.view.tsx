import { useNavigate, useParams, useSearchParams } from 'react-router';
import '../styles/dead-letters.css';
import { Empty } from '../frame/empty.tsx';
import { PageHeader } from '../frame/page.header.tsx';
import { OperatorButton } from '../operator/operator.button.tsx';
import { useOperatorToken } from '../operator/operator.token.ts';
import { readFilter, writeFilter, type LetterFilter } from './letter.filter.ts';
import { LetterList } from './letter.list.tsx';
import { LetterPanel } from './letter.panel.tsx';

/** What could not be stored: the list, one letter, and what an operator does with it. */
export function DeadLettersView() {
  const hasToken = useOperatorToken() !== undefined;
  return (
    <>
      <PageHeader
        title="Dead letters"
        about="Records that could not be stored, and why. Mend them, send them again, or discard them."
      />
      {hasToken ? <Letters /> : <TokenNeeded />}
    </>
  );
}

function Letters() {
  const { letterId } = useParams();
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const filter = readFilter(search);
  const addressOf = (id?: string) => ({
    pathname: id === undefined ? '/dead-letters' : `/dead-letters/${encodeURIComponent(id)}`,
    search: new URLSearchParams(writeFilter(filter)).toString(),
  });
  return (
    <div className="letters" data-open={letterId !== undefined}>
      <LetterList
        key={JSON.stringify(filter)}
        filter={filter}
        selected={letterId}
        addressOf={addressOf}
        onFilter={(changed: LetterFilter) => setSearch(writeFilter(changed))}
      />
      {letterId === undefined ? (
        <div className="letters-none">
          <Empty title="No dead letter is open">Choose one of the list.</Empty>
        </div>
      ) : (
        <LetterPanel key={letterId} id={letterId} onClose={() => void navigate(addressOf())} />
      )}
    </div>
  );
}

function TokenNeeded() {
  return (
    <Empty title="Dead letters are for operators">
      <p className="letters-token">
        They hold what people wrote. Enter the token that the gateway was started with (OPERATOR_TOKEN); npm start
        prints it. The page keeps it in memory only: a reload forgets it.
      </p>
      <OperatorButton text="Enter the operator token" />
    </Empty>
  );
}
