import type { SendOutcome } from '../checker/observation.ts';

/** The 503 codes after which nothing has left the gateway: the message is certainly not in the log. */
const NOT_SENT_CODES = new Set(['overloaded', 'log_unavailable', 'server_busy', 'shutting_down']);

/** Any 4xx says that nothing left the gateway. Without one of the codes above, another answer says nothing for certain. */
export const outcomeOf = (status: number, answer: { messageId?: string; code?: string }): SendOutcome => {
  const { messageId, code = `status ${status}` } = answer;
  if (status < 300 && messageId !== undefined) return { type: 'acked', messageId };
  if ((status >= 400 && status < 500) || (status === 503 && NOT_SENT_CODES.has(code)))
    return { type: 'refused', code, status };
  return { type: 'unknown', cause: code };
};

/** Without a connection nothing was sent. Any other failure may have come after the gateway got the message. */
export const outcomeOfError = (error: unknown): SendOutcome => {
  const code = (error as { code?: string }).code ?? String(error);
  if (code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT') return { type: 'refused', code };
  return { type: 'unknown', cause: code };
};
