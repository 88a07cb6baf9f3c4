import { useSyncExternalStore } from 'react';
import { Store } from '../state/value.store.ts';

/** The operator's token. It lives in this variable only: a reload or a closed tab forgets it. */
export const operatorToken = new Store<string | undefined>(undefined);

export const forgetOperatorToken = (): void => operatorToken.set(undefined);

export const useOperatorToken = (): string | undefined =>
  useSyncExternalStore(operatorToken.subscribe, operatorToken.get);

/** Why `text` can not be a token, or undefined when it can: a header takes visible ASCII without spaces only. */
export function tokenProblem(text: string): string | undefined {
  if (text === '') return 'Enter the token that the gateway was started with (OPERATOR_TOKEN).';
  if (!/^[\x21-\x7e]+$/.test(text)) return 'A token has no spaces and only ASCII characters.';
  if (text.length > 4096) return 'A token has at most 4096 characters.';
  return undefined;
}
