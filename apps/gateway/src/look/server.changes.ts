import type { BrokerLook, MemberLook } from '@wiber/contracts';
import { change, compared, type Compared, type LookChange } from './look.change.ts';

export const brokerChanges = (before: Compared, after: Compared): LookChange[] => {
  const { both, added } = compared(before.brokers, after.brokers, ({ broker }) => broker);
  if (before.brokers.length === 0) return [];
  const back = ({ broker }: BrokerLook) =>
    change(['broker_back', 'good'], `broker ${broker}`, `Broker ${broker} is in the cluster.`);
  const controller = (brokers: readonly BrokerLook[]) => brokers.find(({ isController }) => isController)?.broker;
  const [was, is] = [controller(before.brokers), controller(after.brokers)];
  return [
    ...added.filter(({ status }) => status === 'up').map(back),
    ...both
      .filter(([old, now]) => old.status !== now.status)
      .map(([, now]) =>
        now.status === 'up'
          ? back(now)
          : change(['broker_gone', 'bad'], `broker ${now.broker}`, `Broker ${now.broker} is not in the cluster.`),
      ),
    ...(is !== undefined && was !== undefined && is !== was
      ? [change(['controller_new', 'info'], `broker ${is}`, `Broker ${is} is the controller of Kafka.`)]
      : []),
  ];
};

export const memberChanges = (before: readonly MemberLook[], after: readonly MemberLook[]): LookChange[] => {
  if (before.length === 0) return [];
  const primary = (members: readonly MemberLook[]) => members.find(({ state }) => state === 'primary')?.member;
  const [was, is] = [primary(before), primary(after)];
  const { both } = compared(before, after, ({ member }) => member);
  const changes = both.flatMap(([old, now]): LookChange[] => {
    const [wasGone, isGone] = [old.state === 'gone', now.state === 'gone'];
    if (wasGone === isGone) return [];
    const subject = `member ${now.member}`;
    return isGone
      ? [change(['member_gone', 'bad'], subject, `Member ${now.member} of the replica set does not answer.`)]
      : [change(['member_back', 'good'], subject, `Member ${now.member} of the replica set answers again.`)];
  });
  if (was !== undefined && is === undefined)
    changes.push(
      change(['primary_lost', 'bad'], `member ${was}`, 'MongoDB has no primary: nothing is stored until it has.'),
    );
  if (is !== undefined && is !== was)
    changes.push(change(['primary_new', 'good'], `member ${is}`, `Member ${is} is the primary of MongoDB.`));
  return changes;
};
