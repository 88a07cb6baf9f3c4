import { Text } from '@radix-ui/themes';
import type { ReactNode } from 'react';

interface EmptyProps {
  title: string;
  /** What to do, or when something will be here. */
  children?: ReactNode;
}

/** Shown in place of a list or picture that has nothing in it. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div className="empty">
      <svg viewBox="0 0 48 32" className="empty-mark" aria-hidden="true">
        <rect x="1" y="1" width="46" height="30" rx="6" />
        <path d="M10 12h20M10 20h12" />
      </svg>
      <Text as="p" size="2" weight="medium">
        {title}
      </Text>
      {/* No Text with a colour: what is in it, such as a dialog, would have gray buttons. */}
      {children !== undefined && <div className="empty-text">{children}</div>}
    </div>
  );
}
