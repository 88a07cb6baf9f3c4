import { useEffect, useRef } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import '../styles/dead-letters.css';
import { Empty } from '../frame/empty.tsx';
import { PageHeader } from '../frame/page.header.tsx';
import { OperatorButton } from '../operator/operator.button.tsx';
import { useOperatorToken } from '../api/operator.token.ts';
import { readFilter, writeFilter, type LetterFilter } from './letter.filter.ts';
import { LetterList } from './letter.list.tsx';
import { LetterPanel } from './letter.panel.tsx';
import { rowId } from './letter.table.tsx';

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
  const selected = search.get('letter') ?? letterId;
  const addressOf = (id?: string) => {
    const query = new URLSearchParams({ ...writeFilter(filter), ...(id === undefined ? {} : { letter: id }) });
    return { pathname: '/dead-letters', search: query.toString() };
  };
  useFocusBack(selected);
  return (
    <div className="letters" data-open={selected !== undefined}>
      <LetterList
        key={JSON.stringify(filter)}
        filter={filter}
        selected={selected}
        addressOf={addressOf}
        onFilter={(changed: LetterFilter) => setSearch(writeFilter(changed))}
      />
      {selected === undefined ? (
        <div className="letters-none">
          <Empty title="No dead letter is open">Choose one of the list.</Empty>
        </div>
      ) : (
        <LetterPanel
          key={selected}
          id={selected}
          onClose={() => void navigate(addressOf(), { preventScrollReset: true })}
        />
      )}
    </div>
  );
}

/** Gives the focus back to the row of a letter that is closed; to the view where the filter no longer has that row. */
const useFocusBack = (selected: string | undefined): void => {
  const opened = useRef(selected);
  useEffect(() => {
    const closed = selected === undefined ? opened.current : undefined;
    opened.current = selected;
    if (closed === undefined) return;
    (document.getElementById(rowId(closed)) ?? document.getElementById('main'))?.focus();
  }, [selected]);
};

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
