import { Button } from '@radix-ui/themes';
import { useState } from 'react';
import { useRequest } from '../api/use.request.ts';
import { Empty } from '../frame/empty.tsx';
import { Loading } from '../frame/loading.tsx';
import { Panel } from '../frame/panel.tsx';
import { firstPage, readLetters } from './dead-letter.api.ts';
import { useDecisions } from './decision.count.ts';
import { FilterFields } from './filter.fields.tsx';
import type { LetterFilter } from './letter.filter.ts';
import { LetterTable, type AddressOf } from './letter.table.tsx';
import { OpenCount } from './open.count.tsx';
import { OperatorProblem } from '../operator/operator.problem.tsx';

interface LetterListProps {
  filter: LetterFilter;
  selected: string | undefined;
  addressOf: AddressOf;
  onFilter: (filter: LetterFilter) => void;
}

/** Dead letters, newest first, a page at a time. A decision on one of them reads the page again. */
export function LetterList({ filter, selected, addressOf, onFilter }: LetterListProps) {
  /** The pages before this one; the last one is shown. */
  const [pages, setPages] = useState([firstPage(filter)]);
  const path = pages.at(-1) ?? firstPage(filter);
  const decisions = useDecisions();
  const { data, problem, isLoading, reload } = useRequest(`${path} ${String(decisions)}`, (signal) =>
    readLetters(path, signal),
  );
  return (
    <Panel
      title="List"
      className="letter-list"
      side={
        <Button variant="soft" color="gray" highContrast loading={isLoading && data !== undefined} onClick={reload}>
          Refresh
        </Button>
      }
    >
      <FilterFields filter={filter} onChange={onFilter} />
      <OpenCount />
      {problem !== undefined && <OperatorProblem problem={problem} onRetry={reload} />}
      {data === undefined && isLoading && <Loading what="Reading dead letters" />}
      {data?.letters.length === 0 && <NoLetters filter={filter} />}
      {data !== undefined && data.letters.length > 0 && (
        <LetterTable letters={data.letters} selected={selected} addressOf={addressOf} />
      )}
      <Pages
        number={pages.length}
        next={data?.next}
        onBack={() => setPages(pages.slice(0, -1))}
        onNext={(next) => setPages([...pages, next])}
      />
    </Panel>
  );
}

function NoLetters({ filter: { state, reason } }: { filter: LetterFilter }) {
  if (state === 'open' && reason === undefined)
    return <Empty title="No dead letter waits">Everything that was accepted could be stored, or was decided.</Empty>;
  return <Empty title="No dead letter is like that">Choose another state or reason.</Empty>;
}

interface PagesProps {
  number: number;
  next: string | undefined;
  onBack: () => void;
  onNext: (next: string) => void;
}

function Pages({ number, next, onBack, onNext }: PagesProps) {
  if (number === 1 && next === undefined) return null;
  return (
    <nav className="letter-pages" aria-label="Pages of dead letters">
      <Button variant="soft" color="gray" highContrast disabled={number === 1} onClick={onBack}>
        Newer
      </Button>
      <span className="note number">Page {number}</span>
      <Button
        variant="soft"
        color="gray"
        highContrast
        disabled={next === undefined}
        onClick={() => next !== undefined && onNext(next)}
      >
        Older
      </Button>
    </nav>
  );
}
