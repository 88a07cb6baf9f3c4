import { FOREIGN_KINDS, makeForeign } from '../nemesis/kafka/foreign.record.ts';
import { POISON_KINDS, makePoison } from '../nemesis/kafka/poison.record.ts';
import { Random } from '../random.ts';
import { usersOf } from '../workload/workload.ts';
import type { ScenarioContext } from './scenario.context.ts';

/** Appends one poison record of each kind to a conversation, of which one message must be acknowledged already. */
export const appendEachPoison = async ({ recorder, poison }: ScenarioContext, conversation: number): Promise<void> => {
  const [fromUser, toUser] = usersOf(conversation);
  const first = recorder.sends.find((send) => send.fromUser === fromUser && send.outcome.type === 'acked');
  if (first?.outcome.type !== 'acked') throw new Error(`no message of ${fromUser} is acknowledged yet`);
  const used = { fromUser, toUser, messageId: first.outcome.messageId };
  for (const kind of POISON_KINDS) await poison.append(makePoison(kind, used, new Random(1)));
};

/** Appends one foreign record of each kind. */
export const appendEachForeign = async ({ poison }: ScenarioContext): Promise<void> => {
  for (const kind of FOREIGN_KINDS) await poison.appendForeign(makeForeign(kind, new Random(1)));
};
