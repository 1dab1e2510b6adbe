import { Dialog as FluentDialog, type DialogProps } from '@fluentui/react-components';

/**
 * A dialog that is there at once. One that grows into its place takes what is
 * being pressed away from under the pointer; on a slow machine, or where less
 * motion is wanted, it stands still at its smallest first and then jumps.
 */
export function Dialog(props: DialogProps) {
  return <FluentDialog surfaceMotion={null} {...props} />;
}
