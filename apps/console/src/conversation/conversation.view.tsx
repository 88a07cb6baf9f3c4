import { useSearchParams } from 'react-router';
import '../styles/conversation.css';
import { Empty } from '../frame/empty.tsx';
import { PageHeader } from '../frame/page.header.tsx';
import { ConversationRoom } from './conversation.room.tsx';
import { DEFAULT_USERS, usersProblem } from './conversation.users.ts';
import { UsersForm } from './users.form.tsx';

/** Two users side by side, and their conversation in three orders. The address of the page names both. */
export function ConversationView() {
  const [search, setSearch] = useSearchParams();
  const [user1, user2] = [search.get('user1') ?? '', search.get('user2') ?? ''];
  const isOpen = usersProblem(user1, user2) === undefined;
  const isAsked = user1 !== '' || user2 !== '';
  return (
    <>
      <PageHeader
        title="Conversation"
        about="Send as one user, see it arrive as the other, and compare the three orders that the messages have."
      />
      <UsersForm
        key={`${user1}/${user2}`}
        users={isAsked ? [user1, user2] : DEFAULT_USERS}
        isAsked={isAsked}
        onOpen={(one, other) => setSearch({ user1: one, user2: other })}
      />
      {isOpen ? (
        <ConversationRoom key={`room ${user1}/${user2}`} users={[user1, user2]} />
      ) : (
        <Empty title="No conversation is open">
          Name two users. They need not exist: a name is all that a user is.
        </Empty>
      )}
    </>
  );
}
