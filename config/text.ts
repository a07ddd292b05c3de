/** The same in both languages. */
export interface Text {
  zh: string;
  en: string;
}
