export interface Cleaned {
  number: string;
  /** What was cut, each distinct piece once, in order of appearance. */
  removed: string[];
}

/**
 * Cleans a pasted dial number the way the service does: a scheme, all from the
 * first "@" or ";", "(0)" after a country code and every character that cannot
 * be dialled go; "+" counts only at the start. This is for the eye: the
 * service reads the original text itself and decides.
 */
export function cleanNumber(text: string): Cleaned {
  const removed: string[] = [];
  const cut = (piece: string) => {
    if (piece !== '' && !removed.includes(piece)) removed.push(piece);
    return '';
  };
  let rest = text.trim();
  rest = rest.replace(/^(tel|sips?|callto):/i, cut);
  rest = rest.replace(/[@;].*$/s, cut);
  rest = rest.replace(/^(\s*\+[\d\s./-]*)(\(0\))/, (_, before: string, zero: string) => before + cut(zero));
  let number = '';
  for (const character of rest) {
    const leading = number === '';
    const kept = /[\d#*]/.test(character) || (character === '+' && leading) || (character === ':' && !leading);
    number += kept ? character : cut(character);
  }
  return { number, removed };
}
