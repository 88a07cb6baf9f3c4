import { readMessageId } from '../messages/message.rules.ts';
import type { MessageAddress } from '../messages/message.api.ts';

/**
 * What a person pasted: an id, the Location of a send, or a link of the console. Undefined for a text without an id of a
 * message.
 */
export const readSearch = (text: string): MessageAddress | undefined => {
  const [path = '', query = ''] = text.trim().split('?');
  const parts = path.split('/').filter((part) => part !== '' && part !== 'trace');
  const messageId = readMessageId(parts.at(-1) ?? '');
  if (messageId === undefined) return undefined;
  return { messageId, ...readPosition(new URLSearchParams(query)) };
};

/** Both parts of a position, or none: the gateway refuses one without the other. */
export const readPosition = (query: URLSearchParams): Pick<MessageAddress, 'partition' | 'offset'> => {
  const [partition, offset] = [query.get('partition'), query.get('offset')];
  return partition === null || offset === null ? {} : { partition, offset };
};

/** The address of a message within the console. */
export const addressOfMessage = ({ messageId, partition, offset }: MessageAddress) => ({
  pathname: `/messages/${messageId}`,
  search: partition === undefined || offset === undefined ? '' : new URLSearchParams({ partition, offset }).toString(),
});
