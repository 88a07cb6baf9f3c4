import { hadNoConnection, isCertainlyUnsent } from '@wiber/harness';

/** How a send ended for its sender. `unknown`: no answer came, or the answer says that the outcome is unknown. */
export type SendOutcome =
  { type: 'acknowledged'; messageId: string } | { type: 'refused'; code: string } | { type: 'unknown'; cause: string };

/** One message, which is sent once. Times are milliseconds of the clock of the run. */
export interface Send {
  fromUser: string;
  toUser: string;
  /** No other message of the run has it. */
  content: string;
  /** The gateway's instance: gateway-1, … */
  gateway: string;
  sentAt: number;
  answeredAt: number;
  outcome: SendOutcome;
}

export const outcomeOf = (status: number, answer: { messageId?: string; code?: string }): SendOutcome => {
  const { messageId, code = `status ${status}` } = answer;
  if (status < 300 && messageId !== undefined) return { type: 'acknowledged', messageId };
  if (isCertainlyUnsent(status, code)) return { type: 'refused', code };
  return { type: 'unknown', cause: code };
};

export const outcomeOfError = (error: unknown): SendOutcome => {
  const code = (error as { code?: string }).code ?? String(error);
  if (hadNoConnection(code)) return { type: 'refused', code };
  return { type: 'unknown', cause: code };
};
