import { randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { messageIdAt, usersAt, CONTENT_BYTES } from './growth.workload.ts';
import { contentOf } from './load.content.ts';
import { conversationOf, type GrowthLoad, type LoadJob } from './load.job.ts';

type Request = Dispatcher.DispatchOptions;

interface PostBody {
  fromUser: string;
  toUser: string;
  content: string;
}

const get = (path: string): Request => ({ method: 'GET', path });

const post = (body: PostBody, headers: Record<string, string> = {}): Request => ({
  method: 'POST',
  path: '/messages',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** A request about a stored message, which is chosen at random. */
const growthRequestOf = ({ call, workload, filled, limit }: GrowthLoad, number: number): Request => {
  const stored = Math.floor(Math.random() * filled);
  const [fromUser, toUser] = usersAt(stored);
  const user = Math.random() < 0.5 ? fromUser : toUser;
  switch (call) {
    case 'page-by-time':
      return get(`/messages/${fromUser}/${toUser}?limit=${limit}&order=desc`);
    case 'page-by-log':
      return get(`/messages/${fromUser}/${toUser}?limit=${limit}&order=desc&sort=log`);
    case 'by-id':
      return get(`/messages/${messageIdAt(workload, stored)}`);
    case 'user-newest':
      return get(`/users/${user}/messages?limit=${limit}`);
    case 'user-deeper':
      return get(`/users/${user}/messages?limit=${limit}&skip=${2 * limit}`);
    case 'post': {
      const body = { fromUser, toUser, content: contentOf(number, CONTENT_BYTES) };
      return post(body, workload.ids === 'random' ? { 'idempotency-key': randomUUID() } : {});
    }
  }
};

/** The request of a load with this number, counted from 0. */
export const requestOf = ({ request }: LoadJob, number: number): Request => {
  if (request.type === 'growth') return growthRequestOf(request, number);
  const [user1, user2] = conversationOf(request.prefix, number % request.conversations);
  if (request.type === 'page') return get(`/messages/${user1}/${user2}?limit=${request.limit}&order=desc`);
  const body = { fromUser: user1, toUser: user2, content: contentOf(number, request.contentBytes) };
  return post(body, request.waitS === undefined ? {} : { prefer: `wait=${request.waitS}` });
};
