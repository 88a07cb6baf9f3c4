import type { LogPosition, Message } from '@wiber/contracts';

/** Someone sent a message. Times are milliseconds of the clock of the run: when the request began, and when it was answered. */
export interface SendAct {
  type: 'send';
  by: string;
  message: Message;
  /** Where it is in the log, as the sender was told; a repeated request may not be told. */
  place: LogPosition | undefined;
  from: number;
  to: number;
}

/** Someone read the conversation and saw these messages of the other for the first time. */
export interface ReadAct {
  type: 'read';
  by: string;
  seen: readonly string[];
  from: number;
  to: number;
}

export type Act = SendAct | ReadAct;

/** The sends, in the order in which they began: of two that cross, the answers come in any order. */
export const sendsOf = (acts: readonly Act[]): SendAct[] =>
  acts.filter((act) => act.type === 'send').toSorted((a, b) => a.from - b.from);
