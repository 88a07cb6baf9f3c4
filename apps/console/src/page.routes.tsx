import { createBrowserRouter } from 'react-router';
import { Frame } from './page/frame.tsx';
import { NotFound } from './frame/not.found.tsx';
import { PageFailure } from './frame/page.failure.tsx';
import { Loading } from './frame/loading.tsx';

/** Each view is loaded when it is first opened. */
export const router = createBrowserRouter(
  [
    {
      path: '/',
      Component: Frame,
      ErrorBoundary: PageFailure,
      HydrateFallback: Loading,
      children: [
        {
          ErrorBoundary: PageFailure,
          children: [
            { index: true, lazy: async () => ({ Component: (await import('./flow/flow.view.tsx')).FlowView }) },
            {
              path: 'messages/:messageId?',
              lazy: async () => ({ Component: (await import('./message/message.view.tsx')).MessageView }),
            },
            {
              path: 'conversation',
              lazy: async () => ({
                Component: (await import('./conversation/conversation.view.tsx')).ConversationView,
              }),
            },
            {
              path: 'dead-letters/:letterId?',
              lazy: async () => ({ Component: (await import('./dead-letters/dead-letters.view.tsx')).DeadLettersView }),
            },
            {
              path: 'leadership',
              lazy: async () => ({ Component: (await import('./leadership/leadership.view.tsx')).LeadershipView }),
            },
            {
              path: 'servers',
              lazy: async () => ({ Component: (await import('./servers/servers.view.tsx')).ServersView }),
            },
            { path: '*', Component: NotFound },
          ],
        },
      ],
    },
  ],
  // Without its last slash: with it, the router would not know /console itself.
  { basename: import.meta.env.BASE_URL.replace(/\/$/, '') },
);
