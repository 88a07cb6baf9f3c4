import { useEffect, useState } from 'react';
import type { Users } from './conversation.api.ts';
import { ConversationSession } from './conversation.session.ts';
import { OrdersPanel } from './orders.panel.tsx';
import { SidePanel } from './side.panel.tsx';

/** An open conversation. Another one is another room: give it a key of both names. */
export function ConversationRoom({ users }: { users: Users }) {
  const [session] = useState(() => new ConversationSession(users));
  useEffect(() => session.start(), [session]);
  return (
    <div className="conversation">
      <div className="conversation-sides">
        {session.sides.map((side) => (
          <SidePanel key={side.me} side={side} session={session} />
        ))}
      </div>
      <OrdersPanel orders={session.orders} />
    </div>
  );
}
