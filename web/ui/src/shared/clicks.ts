/** What was under the pointer when the present series of clicks began: a button, and what stood on it. */
let began: { button: Element; words: string } | null = null;

// Before anything that a click changes, and wherever it is: a series may begin
// on something that is gone by its second click.
window.addEventListener('click', (event) => (began = event.detail > 1 ? began : buttonOf(event)), { capture: true });

/**
 * Whether a click means the button that it is on. The second of a double click
 * (`detail` counts them, UI Events 3.3.3) does not where the button has become
 * another meanwhile, or has come under the pointer only then: whoever presses
 * Resume twice does not want Hold. Keys count no clicks.
 */
export function meant(event: MouseEvent): boolean {
  if (event.detail <= 1) return true;
  const now = buttonOf(event);
  return now !== null && now.button === began?.button && now.words === began.words;
}

function buttonOf({ target }: Event): typeof began {
  const button = target instanceof Element ? target.closest('button') : null;
  return button && { button, words: button.textContent ?? '' };
}
