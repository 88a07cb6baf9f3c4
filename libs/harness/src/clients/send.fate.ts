/** The 503 codes after which nothing has left the gateway: the message is certainly not in the log. */
const NOT_SENT_CODES = new Set(['overloaded', 'log_unavailable', 'server_busy', 'shutting_down']);

/**
 * Whether an answer to POST /messages says that nothing left the gateway: any 4xx, and 503 with one of the codes above. Another
 * answer without a message says nothing for certain.
 */
export const isCertainlyUnsent = (status: number, code: string): boolean =>
  (status >= 400 && status < 500) || (status === 503 && NOT_SENT_CODES.has(code));

/** Whether a request failed before there was a connection. Any other failure may have come after the gateway got the message. */
export const hadNoConnection = (code: string): boolean => code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT';
