/** Who can open, files, offer, and the sentence that is agreed to by sealing. */
import { type FormEvent, useState } from 'react';
import { useServerNow } from '../../../api/clock.ts';
import { useApi } from '../../../api/provider.tsx';
import { capitals, epochOf, money, parseYuan, sizeText } from '../../../i18n/format.ts';
import { useSpeech } from '../../../i18n/provider.tsx';
import { useKey } from '../../../keys/key-context.ts';
import { saveFile } from '../../../keys/save-file.ts';
import { Button, Card, Chip, Facts, Note, TextField } from '../../../kit/elements.tsx';
import { Money } from '../../../parts/money.tsx';
import { type CheckedPolicy, usePolicy } from '../../../seal/policy.ts';
import type { Course } from './course.tsx';
import type { Text } from './page.zh.ts';

type FormProps = { t: Text; code: string; lot: string; course: Course };

export function SealForm({ t, code, lot, course }: FormProps) {
  const facts = useApi('GET /api/lots/:lot', { params: { lot } });
  const policy = usePolicy(facts.data?.policySha256);
  const now = useServerNow();
  if (!facts.data) return null;
  if (now !== null && epochOf(facts.data.deadline) <= now) return <Note title={t.over} />;
  if (facts.data.policySha256 === null) return <Note tone="now" title={t.noPolicy} />;
  if (policy.error) return <Note tone="bad" live title={t.badPolicy} />;
  if (!policy.data) return <p role="status">{t.whoChecking}</p>;
  return (
    <>
      <Who t={t} checked={policy.data} />
      <OfferForm t={t} code={code} checked={policy.data} ceiling={facts.data.ceilingFen} course={course} />
    </>
  );
}

function Who({ t, checked: { policy } }: { t: Text; checked: CheckedPolicy }) {
  return (
    <Card title={t.who} side={<Chip tone="ok">{t.checked(policy.officers.length)}</Chip>}>
      <p>{t.modes[policy.mode](policy.k, policy.officers.length)}</p>
      <p className="small muted">
        {policy.officers.map(({ x, role }) => `${t.officer(x)} ${t.roles[role]}`).join(' · ')}
      </p>
    </Card>
  );
}

type OfferProps = { t: Text; code: string; checked: CheckedPolicy; ceiling: string | null; course: Course };

function OfferForm({ t, code, checked, ceiling, course }: OfferProps) {
  const { language } = useSpeech();
  const { askKey } = useKey();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [typed, setTyped] = useState({ price: '', days: '', quality: '', manager: '', passphrase: '' });
  const [tried, setTried] = useState(false);
  const field = (name: keyof typeof typed) => ({
    value: typed[name],
    onChange: (event: { target: { value: string } }) => setTyped({ ...typed, [name]: event.target.value }),
  });
  const price = parseYuan(typed.price);
  const daysWrong = typed.days !== '' && !(/^\d{1,5}$/.test(typed.days) && Number(typed.days) <= 36_500);
  const needsKit = checked.policy.mode !== 'quorum';
  const kitWrong = (needsKit || typed.passphrase !== '') && typed.passphrase.length < 8;
  const twice = new Set(files.map(({ name }) => name)).size < files.length;
  const ready = price !== null && files.length > 0 && !daysWrong && !kitWrong && !twice;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!ready) return;
    const key = await askKey(t.reason).catch(() => null);
    if (!key) return;
    const { days, quality, manager, passphrase } = typed;
    const readOut = {
      priceFen: String(price),
      ...(days ? { durationDays: Number(days) } : {}),
      ...(quality ? { quality } : {}),
      ...(manager ? { manager } : {}),
    };
    await course.start({ policy: checked, key, readOut, files, passphrase: passphrase || null }, ({ kit }) => {
      if (kit) saveFile(kit, `${code}-kit.age`, 'application/octet-stream');
    });
  };
  const size = sizeText(files.reduce((sum, file) => sum + file.size, 0));
  return (
    <form className="yg-stack" onSubmit={(event) => void submit(event)} noValidate>
      <Files
        t={t}
        files={files}
        onFiles={setFiles}
        wrong={twice ? t.twice : tried && files.length === 0 ? t.noFiles : ''}
      />
      <Card title={t.offer}>
        <div className="yg-form">
          <TextField
            label={t.price}
            help={t.priceHelp}
            wrong={(tried || typed.price !== '') && price === null ? t.priceWrong : null}
            inputMode="decimal"
            autoComplete="off"
            {...field('price')}
          />
          {price === null ? null : (
            <p lang="zh-CN" className="strong">
              {capitals(price)}
            </p>
          )}
          {ceiling === null ? null : <Against t={t} price={price} ceiling={BigInt(ceiling)} />}
          <TextField label={t.days} wrong={daysWrong ? t.daysWrong : null} inputMode="numeric" {...field('days')} />
          <TextField label={t.quality} maxLength={200} {...field('quality')} />
          <TextField label={t.manager} maxLength={100} {...field('manager')} />
          <TextField
            label={t.kit}
            help={needsKit ? t.kitNeeded : t.kitHelp}
            wrong={kitWrong && (tried || typed.passphrase !== '') ? t.kitShort : null}
            type="password"
            autoComplete="new-password"
            {...field('passphrase')}
          />
        </div>
      </Card>
      <Card now={ready}>
        <div className="yg-stack">
          {price !== null && files.length > 0 ? (
            <p className="strong">{t.review(files.length, size, `${money(price, language)} (${capitals(price)})`)}</p>
          ) : null}
          <p className="small muted">{t.replacesNote}</p>
          <Button kind="primary" size="big" type="submit">
            {t.act}
          </Button>
        </div>
      </Card>
    </form>
  );
}

/** The difference in money and in hundredths of a percent, by whole numbers. */
function Against({ t, price, ceiling }: { t: Text; price: bigint | null; ceiling: bigint }) {
  const gap = price === null ? null : ceiling - price;
  const size = gap === null ? 0n : gap < 0n ? -gap : gap;
  const share = ceiling > 0n ? (size * 10_000n) / ceiling : 0n;
  const percent = `${share / 100n}.${String(share % 100n).padStart(2, '0')} %`;
  const name = gap === 0n ? t.equal : gap !== null && gap < 0n ? t.above : t.below;
  return (
    <Facts
      rows={[
        [t.ceiling, <Money key="ceiling" fen={ceiling} />],
        ...(gap === null
          ? []
          : [
              [
                name,
                <span key="gap">
                  <Money fen={size} /> ({percent})
                </span>,
              ] as const,
            ]),
      ]}
    />
  );
}

type FilesProps = { t: Text; files: readonly File[]; onFiles(files: readonly File[]): void; wrong: string };

function Files({ t, files, onFiles, wrong }: FilesProps) {
  return (
    <Card title={t.files}>
      <div className="yg-form">
        <label className="yg-field">
          <span className="yg-label">{t.chooseFiles}</span>
          <input
            type="file"
            multiple
            className="yg-input"
            onChange={({ target }) => {
              onFiles([...files, ...(target.files ?? [])]);
              target.value = '';
            }}
          />
          <span className="help">{t.filesHelp}</span>
        </label>
        {wrong ? <Note tone="bad" live title={wrong} /> : null}
        <ul className="seal-files">
          {files.map((file, i) => (
            <li key={`${file.name}-${file.size}-${file.lastModified}`}>
              <span>
                {file.name} <span className="small muted">{sizeText(file.size)}</span>
              </span>
              <Button aria-label={t.remove(file.name)} onClick={() => onFiles(files.filter((_file, j) => j !== i))}>
                {t.removeWord}
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}
