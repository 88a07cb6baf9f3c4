import {
  ActivityLogIcon,
  ChatBubbleIcon,
  CrossCircledIcon,
  EnvelopeClosedIcon,
  LayersIcon,
  StarIcon,
} from '@radix-ui/react-icons';
import { NavLink } from 'react-router';

const VIEWS = [
  { to: '/', name: 'Flow', Icon: ActivityLogIcon },
  { to: '/messages', name: 'Message', Icon: EnvelopeClosedIcon },
  { to: '/conversation', name: 'Conversation', Icon: ChatBubbleIcon },
  { to: '/dead-letters', name: 'Dead letters', Icon: CrossCircledIcon },
  { to: '/leadership', name: 'Leadership', Icon: StarIcon },
  { to: '/servers', name: 'Servers', Icon: LayersIcon },
] as const;

export function Navigation() {
  return (
    <nav className="navigation" aria-label="Views">
      <ul>
        {VIEWS.map(({ to, name, Icon }) => (
          <li key={to}>
            <NavLink to={to} end={to === '/'} className="navigation-link">
              <Icon aria-hidden="true" />
              <span>{name}</span>
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
