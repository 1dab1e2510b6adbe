import type { en } from './en';

/** The keys of the English texts, with any text as value. */
export type Messages = Texts<typeof en>;

type Texts<T> = { [Key in keyof T]: T[Key] extends string ? string : Texts<T[Key]> };
