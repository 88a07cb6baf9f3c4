import { Button, Text, Theme } from '@radix-ui/themes';
import { useRouteError } from 'react-router';
import { useTheme } from './theme.store.ts';

/**
 * Shown when a view fails. A view that can not be loaded usually means that the gateway was updated: the page knows the file
 * names of before. A reload mends that.
 */
export function PageFailure() {
  const error = useRouteError();
  const { appearance } = useTheme();
  return (
    <Theme appearance={appearance} accentColor="indigo" grayColor="slate" hasBackground={false}>
      <div className="error-state" role="alert">
        <div className="error-state-text">
          <Text as="p" size="3" weight="medium">
            This view failed
          </Text>
          <Text as="p" size="2">
            Reload the page. If the gateway was updated, that loads the new console; if it does not answer, try again in
            a moment.
          </Text>
          <p className="error-state-facts">
            <code>{error instanceof Error ? `${error.name}: ${error.message}` : String(error)}</code>
          </p>
        </div>
        <Button onClick={() => window.location.reload()}>Reload</Button>
      </div>
    </Theme>
  );
}
