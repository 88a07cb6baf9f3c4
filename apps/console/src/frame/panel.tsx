import { Heading, Text } from '@radix-ui/themes';
import { useId, type ReactNode } from 'react';

interface PanelProps {
  title: string;
  about?: string;
  /** Beside the title. */
  side?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A part of a view, with its heading. */
export function Panel({ title, about, side, className = '', children }: PanelProps) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <div className="panel-head">
        <div>
          <Heading as="h2" size="3" id={id}>
            {title}
          </Heading>
          {about !== undefined && (
            <Text as="p" size="1" color="gray">
              {about}
            </Text>
          )}
        </div>
        {side}
      </div>
      {children}
    </section>
  );
}
