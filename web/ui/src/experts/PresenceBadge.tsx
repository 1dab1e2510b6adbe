import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { PresenceShape } from './presence';

const useStyles = makeStyles({
  badge: { flexShrink: 0, width: '14px', height: '14px', '@media (forced-colors: active)': { color: 'CanvasText' } },
  available: { color: tokens.colorPaletteLightGreenForeground3 },
  busy: { color: tokens.colorPaletteRedBackground3 },
  doNotDisturb: { color: tokens.colorPaletteRedBackground3 },
  away: { color: tokens.colorPaletteMarigoldBackground3 },
  outOfOffice: { color: tokens.colorPaletteBerryForeground3 },
  offline: { color: tokens.colorNeutralForeground3 },
  unknown: { color: tokens.colorNeutralForeground3 },
});

/** Cut out of a filled disc: the colour of the row shows through. */
const cut = { fill: 'none', stroke: 'var(--presence-cut)', strokeWidth: 1.8, strokeLinecap: 'round', strokeLinejoin: 'round' } as const;
const line = { ...cut, stroke: 'currentColor' } as const;
const disc = <circle cx="8" cy="8" r="7" fill="currentColor" />;
const ring = <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.6" />;

const shapes: Record<PresenceShape, ReactElement> = {
  available: <>{disc}<path d="M4.8 8.2l2.3 2.3 4.2-4.6" {...cut} /></>,
  busy: disc,
  doNotDisturb: <>{disc}<path d="M4.8 8h6.4" {...cut} /></>,
  away: <>{disc}<path d="M8 4.6V8.2l2.4 1.6" {...cut} /></>,
  outOfOffice: <>{ring}<path d="M10.8 8H5.2m2.2-2.4L5 8l2.4 2.4" {...line} /></>,
  offline: <>{ring}<path d="M5.8 5.8l4.4 4.4m0-4.4l-4.4 4.4" {...line} /></>,
  unknown: <>{ring}<path d="M6.3 6.4a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.9.6-.9 1.1m0 2.1v.01" {...line} /></>,
};

/** Shape and colour of a presence, drawn after Teams; the word stands beside it, so this says nothing itself. */
export function PresenceBadge({ shape }: { shape: PresenceShape }) {
  const styles = useStyles();
  return (
    <svg viewBox="0 0 16 16" aria-hidden className={mergeClasses(styles.badge, styles[shape])}>
      {shapes[shape]}
    </svg>
  );
}
