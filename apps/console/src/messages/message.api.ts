import type { Message, MessageTrace } from '@wiber/contracts';
import { callApi } from '../api/api.client.ts';

/** A message, and where the Location of its send says it is in the log. */
export interface MessageAddress {
  messageId: string;
  partition?: string | undefined;
  offset?: string | undefined;
}

/** With the operator's token, if there is one, it also tells who decided and why. @throws ApiProblem */
export const readTrace = async (address: MessageAddress, signal: AbortSignal): Promise<MessageTrace> => {
  const { messageId, partition, offset } = address;
  const path = `/messages/${messageId}/trace`;
  return (await callApi<MessageTrace>({ path, query: { partition, offset }, signal, asOperator: true })).data;
};

/** A stored message. @throws ApiProblem */
export const readMessage = async (messageId: string, signal: AbortSignal): Promise<Message> =>
  (await callApi<Message>({ path: `/messages/${messageId}`, signal })).data;
