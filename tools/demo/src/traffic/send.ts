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

/** The 503 codes after which nothing has left the gateway: the message is certainly not in the log. */
const NOT_SENT_CODES = new Set(['overloaded', 'log_unavailable', 'server_busy', 'shutting_down']);

/** Any 4xx says that nothing left the gateway. Without one of the codes above, another answer says nothing for certain. */
export const outcomeOf = (status: number, answer: { messageId?: string; code?: string }): SendOutcome => {
  const { messageId, code = `status ${status}` } = answer;
  if (status < 300 && messageId !== undefined) return { type: 'acknowledged', messageId };
  if ((status >= 400 && status < 500) || (status === 503 && NOT_SENT_CODES.has(code))) return { type: 'refused', code };
  return { type: 'unknown', cause: code };
};

/** Without a connection nothing was sent. Any other failure may have come after the gateway got the message. */
export const outcomeOfError = (error: unknown): SendOutcome => {
  const code = (error as { code?: string }).code ?? String(error);
  if (code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT') return { type: 'refused', code };
  return { type: 'unknown', cause: code };
};
