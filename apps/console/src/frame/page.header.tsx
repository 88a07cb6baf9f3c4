import { Heading, Text } from '@radix-ui/themes';
import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation, useNavigationType } from 'react-router';

interface PageHeaderProps {
  title: string;
  /** One sentence: what the view shows. */
  about: string;
  /** Beside the title: buttons, or the time of what is shown. */
  children?: ReactNode;
}

/** The first part of every view. After a navigation the focus is on the title, so that a screen reader starts there. */
export function PageHeader({ title, about, children }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  const isFirst = useNavigationType() === 'POP';
  useEffect(() => {
    document.title = `${title} · Wiber console`;
  }, [title]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
    // A view that changes its own address, such as one message, is a new page too.
  }, [pathname, isFirst]);
  return (
    <div className="page-header">
      <div>
        <Heading as="h1" size="6" ref={heading} tabIndex={-1} className="page-title">
          {title}
        </Heading>
        <Text as="p" size="2" color="gray">
          {about}
        </Text>
      </div>
      {children !== undefined && <div className="page-header-side">{children}</div>}
    </div>
  );
}
