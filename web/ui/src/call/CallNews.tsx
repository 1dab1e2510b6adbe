import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Interaction } from '../api/types';
import { useAnnounce } from '../shared/Announcer';
import { useCallSentence } from './sentence';

/**
 * Says what has become of the call on screen, in the words that stand there: a
 * colleague who asks, somebody who has answered, a call handed over. What was
 * there from the beginning is no news, and neither is another language.
 */
export function CallNews({ interaction }: { interaction: Interaction | undefined }) {
  const { language } = useTranslation().i18n;
  const sentence = useCallSentence();
  const announce = useAnnounce();
  const words = interaction ? sentence(interaction) : '';
  const known = useRef({ words, language });
  useEffect(() => {
    const before = known.current;
    known.current = { words, language };
    if (words !== '' && words !== before.words && language === before.language) announce(words);
  }, [announce, words, language]);
  return null;
}
