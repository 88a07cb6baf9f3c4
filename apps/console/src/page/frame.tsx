import { Theme } from '@radix-ui/themes';
import { Outlet, useNavigation } from 'react-router';
import { useTheme } from '../frame/theme.store.ts';
import { Navigation } from './navigation.tsx';
import { Brand } from './brand.tsx';
import { ConnectionState } from './connection.state.tsx';
import { ThemeSwitch } from './theme.switch.tsx';
import { StaleBanner } from './stale.banner.tsx';
import { LiveRegion } from './live.region.tsx';
import { Outside } from './outside.links.tsx';
import { OperatorButton } from '../operator/operator.button.tsx';

/** What is around every view: the navigation, the state of the connection, the theme and the operator's token. */
export function Frame() {
  const { appearance } = useTheme();
  const isMoving = useNavigation().state !== 'idle';
  return (
    <Theme appearance={appearance} accentColor="indigo" grayColor="slate" radius="medium" className="page">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <header className="page-side">
        <Brand />
        <Navigation />
        <div className="page-tools">
          <ConnectionState />
          <OperatorButton />
          <ThemeSwitch />
          <Outside />
        </div>
      </header>
      <div className="page-progress" data-moving={isMoving} aria-hidden="true" />
      <main id="main" className="page-main" tabIndex={-1}>
        <StaleBanner />
        <Outlet />
      </main>
      <LiveRegion />
    </Theme>
  );
}
