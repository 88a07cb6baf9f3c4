import { Button } from '@radix-ui/themes';
import { useMemo, useState, useSyncExternalStore } from 'react';
import { Choice } from '../frame/choice.tsx';
import { Loading } from '../frame/loading.tsx';
import { Panel } from '../frame/panel.tsx';
import { SORTS, compareWithLog, type Sort } from './order.comparison.ts';
import { OrderColumn } from './order.column.tsx';
import type { OrdersReader } from './orders.reader.ts';
import { NewerMessages } from './newer.messages.tsx';
import { ORDER_TEXT } from './order.text.ts';
import { ReadProblem } from './read.problem.tsx';

const ORDER_OPTIONS = SORTS.map((value) => ({ value, label: ORDER_TEXT[value].short }));

/** The same conversation in its three orders, with what differs and why. */
export function OrdersPanel({ orders }: { orders: OrdersReader }) {
  const { windows, isLoading, problem } = useSyncExternalStore(orders.state.subscribe, orders.state.get);
  const [shown, setShown] = useState<Sort>('log');
  const [selected, setSelected] = useState<string>();
  const columns = useMemo(
    () => SORTS.map((sort) => ({ sort, placed: compareWithLog(sort, windows[sort].messages, windows.log.messages) })),
    [windows],
  );
  const hasOlder = SORTS.some((sort) => windows[sort].older !== undefined);
  return (
    <Panel
      title="Three orders"
      about="By the log, by cause and effect, and by the clocks of gateways. What stands elsewhere than in the log is marked."
      side={hasOlder && <OlderButton orders={orders} />}
    >
      {problem !== undefined && <ReadProblem problem={problem} hasData={windows.log.messages.length > 0} />}
      <NewerOrders orders={orders} />
      {/* On a narrow page one order is shown at a time. */}
      <Choice
        className="order-choice"
        legend="Order to show"
        name="order"
        options={ORDER_OPTIONS}
        chosen={shown}
        onChoose={setShown}
      />
      {isLoading ? (
        <Loading what="Reading the orders" />
      ) : (
        <div className="orders" data-shown={shown}>
          {columns.map(({ sort, placed }) => (
            <OrderColumn key={sort} sort={sort} placed={placed} selected={selected} onSelect={setSelected} />
          ))}
        </div>
      )}
    </Panel>
  );
}

function OlderButton({ orders }: { orders: OrdersReader }) {
  const [isBusy, load] = useBusy(() => orders.loadOlder());
  return (
    <Button variant="soft" color="gray" highContrast loading={isBusy} onClick={load}>
      Earlier messages
    </Button>
  );
}

function NewerOrders({ orders }: { orders: OrdersReader }) {
  const { windows } = useSyncExternalStore(orders.state.subscribe, orders.state.get);
  const [isBusy, returnToNewest] = useBusy(() => orders.returnToNewest());
  const { lacking } = windows.log;
  if (lacking === undefined) return null;
  return <NewerMessages count={lacking} isBusy={isBusy} onReturn={returnToNewest} />;
}

const useBusy = (work: () => Promise<void>): [boolean, () => void] => {
  const [isBusy, setBusy] = useState(false);
  const begin = () => {
    setBusy(true);
    void work().finally(() => setBusy(false));
  };
  return [isBusy, begin];
};
