import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useState } from 'react';
import { en, type Messages } from './en.ts';
import { type Format, formatIn } from './format.ts';
import { ko } from './ko.ts';

const tables = { en, ko };
type Code = keyof typeof tables;

type Language = { code: Code; messages: Messages; format: Format; switchTo: (code: Code) => void };

const Context = createContext<Language | undefined>(undefined);
const key = 'holdfast.language';

/** What was chosen, else the first of the browser's languages that there is. */
function firstChoice(): Code {
  const wanted = [localStorage.getItem(key) ?? '', ...navigator.languages];
  for (const tag of wanted) {
    const code = tag.split('-')[0] as Code;
    if (code in tables) return code;
  }
  return 'en';
}

/** The region's own way to write numbers and dates, where the browser has one for the language. */
const localeOf = (code: Code): string => navigator.languages.find((tag) => tag.startsWith(code)) ?? code;

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [code, setCode] = useState(firstChoice);
  useLayoutEffect(() => {
    document.documentElement.lang = code;
  }, [code]);
  const language = useMemo(
    (): Language => ({
      code,
      messages: tables[code],
      format: formatIn(localeOf(code)),
      switchTo: (to) => {
        localStorage.setItem(key, to);
        setCode(to);
      },
    }),
    [code],
  );
  return <Context value={language}>{children}</Context>;
}

export function useLanguage(): Language {
  const language = useContext(Context);
  if (!language) throw new Error('There is no LanguageProvider.');
  return language;
}
