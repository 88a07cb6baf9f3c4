import { ArrowDownIcon, ArrowUpIcon } from '@radix-ui/react-icons';
import { Heading } from '@radix-ui/themes';
import { useId } from 'react';
import type { Move, PlacedMessage, Sort } from './order.comparison.ts';
import { ORDER_TEXT } from './order.text.ts';

interface OrderColumnProps {
  sort: Sort;
  placed: readonly PlacedMessage[];
  /** The message that is shown in all orders at once. */
  selected: string | undefined;
  onSelect: (messageId: string | undefined) => void;
}

export function OrderColumn({ sort, placed, selected, onSelect }: OrderColumnProps) {
  const id = useId();
  const { name, about } = ORDER_TEXT[sort];
  const moved = placed.filter(({ move }) => move).length;
  return (
    <section className="order" data-sort={sort} aria-labelledby={id}>
      <Heading as="h3" size="2" id={id}>
        {name}
      </Heading>
      <p className="note">{about}</p>
      <p className="note order-count">
        {sort === 'log' ? 'The order to compare with.' : countText(moved, placed.length)}
      </p>
      <ol className="order-list" tabIndex={0} aria-label={`Messages ${name.toLowerCase()}`}>
        {placed.map(({ message, move }, place) => (
          <OrderRow
            key={message.messageId}
            sort={sort}
            place={place + 1}
            placed={{ message, ...(move ? { move } : {}) }}
            isSelected={message.messageId === selected}
            onSelect={() => onSelect(message.messageId === selected ? undefined : message.messageId)}
          />
        ))}
      </ol>
    </section>
  );
}

const countText = (moved: number, all: number): string => {
  if (all === 0) return 'Nothing to compare yet.';
  if (moved === 0) return 'The same order as by the log.';
  return moved === 1
    ? '1 message stands elsewhere than in the log.'
    : `${String(moved)} messages stand elsewhere than in the log.`;
};

interface OrderRowProps {
  sort: Sort;
  place: number;
  placed: PlacedMessage;
  isSelected: boolean;
  onSelect: () => void;
}

function OrderRow({ sort, place, placed: { message, move }, isSelected, onSelect }: OrderRowProps) {
  const key = ORDER_TEXT[sort].keyOf(message);
  return (
    <li className="order-row" data-moved={move !== undefined} data-selected={isSelected}>
      <button type="button" className="order-message" aria-pressed={isSelected} onClick={onSelect}>
        <span className="order-place number">{place}</span>
        <span className="order-text">
          <strong>
            <bdi>{message.fromUser}</bdi>
          </strong>{' '}
          <bdi>{message.content.slice(0, 200)}</bdi>
        </span>
        {key !== undefined && <span className="order-key number">{key}</span>}
      </button>
      {move && <MoveNote move={move} />}
    </li>
  );
}

function MoveNote({ move: { direction, other, reason } }: { move: Move }) {
  const Icon = direction === 'up' ? ArrowUpIcon : ArrowDownIcon;
  return (
    <p className="order-move">
      <Icon aria-hidden="true" />
      <span>
        {direction === 'up' ? 'Before' : 'Behind'} “<bdi>{other.content.slice(0, 60)}</bdi>” of{' '}
        <bdi>{other.fromUser}</bdi>, which the log has {direction === 'up' ? 'first' : 'later'}. {reason}
      </span>
    </p>
  );
}
