/** An amount of fen: figures, and the Chinese capitals wherever a person commits to it. */
import { capitals, money } from '../i18n/format.ts';
import { useSpeech } from '../i18n/provider.tsx';

export function Money({ fen, withCapitals = false }: { fen: string | bigint; withCapitals?: boolean }) {
  const { language } = useSpeech();
  return (
    <>
      <span className="num">{money(fen, language)}</span>
      {withCapitals ? (
        <span className="small muted" lang="zh-CN">
          <br />
          {capitals(fen)}
        </span>
      ) : null}
    </>
  );
}
