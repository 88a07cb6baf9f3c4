import { Heading } from '@radix-ui/themes';
import { useId, type ReactNode } from 'react';

interface FigureTileProps {
  title: string;
  figure: string;
  unit?: string;
  /** A second number, smaller. */
  beside?: ReactNode;
  children?: ReactNode;
}

/** One number that counts, with what it is and a chart of where it comes from. */
export function FigureTile({ title, figure, unit, beside, children }: FigureTileProps) {
  const id = useId();
  return (
    <section className="panel figure-tile" aria-labelledby={id}>
      <Heading as="h2" size="2" weight="regular" color="gray" id={id}>
        {title}
      </Heading>
      <p className="figure-tile-line">
        <span className="figure-tile-number number">{figure}</span>
        {unit !== undefined && <span className="figure-tile-unit">{unit}</span>}
        {beside !== undefined && <span className="figure-tile-beside number">{beside}</span>}
      </p>
      {children}
    </section>
  );
}
