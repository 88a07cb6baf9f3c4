import { hadNoConnection, isCertainlyUnsent } from '@wiber/harness';
import type { SendOutcome } from '../checker/observation.ts';

export const outcomeOf = (status: number, answer: { messageId?: string; code?: string }): SendOutcome => {
  const { messageId, code = `status ${status}` } = answer;
  if (status < 300 && messageId !== undefined) return { type: 'acked', messageId };
  if (isCertainlyUnsent(status, code)) return { type: 'refused', code, status };
  return { type: 'unknown', cause: code };
};

export const outcomeOfError = (error: unknown): SendOutcome => {
  const code = (error as { code?: string }).code ?? String(error);
  if (hadNoConnection(code)) return { type: 'refused', code };
  return { type: 'unknown', cause: code };
};
