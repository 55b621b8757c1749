/** Log-in with a certificate file; in a demo, one click for each of its people. */
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { Refusal } from '../../../api/client.ts';
import { useApiClient } from '../../../api/provider.tsx';
import { pathIn } from '../../../i18n/language.ts';
import { A, useSpeech } from '../../../i18n/provider.tsx';
import { type DemoAccount, useDemoAccounts } from '../../../keys/demo-accounts.ts';
import { useKey } from '../../../keys/key-context.ts';
import { KeyFileForm } from '../../../keys/key-file-form.tsx';
import { Button, Card, Chip, Note } from '../../../kit/elements.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import { PublicShell } from '../../../shell/public-shell.tsx';
import type { Head, PageProps } from '../../page.ts';
import { destination, useLogIn } from './log-in.ts';
import type { Text } from './page.zh.ts';

export const head = (t: Text): Head => ({ title: t.title });

export default function Login({ t }: PageProps<Text>) {
  const { language } = useSpeech();
  const { openFile } = useKey();
  const logIn = useLogIn();
  const go = useNavigate();
  const [query] = useSearchParams();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const enter = async (file: Uint8Array, passphrase: string) => {
    setRefusal(null);
    const refused = await logIn(await openFile(file, passphrase));
    if (refused) setRefusal(refused);
    else await go(pathIn(language, destination(query.get('next'))));
  };
  return (
    <PublicShell>
      <div className="yg-stack">
        <div>
          <h1>{t.title}</h1>
          <p className="muted">{t.lead}</p>
        </div>
        {refusal ? <RefusalNote refusal={refusal} /> : null}
        <div className="yg-columns">
          <Card title={t.card}>
            <KeyFileForm action={t.action} onSubmit={enter} />
          </Card>
          <Guide t={t} />
        </div>
        <DemoLogins t={t} enter={enter} />
      </div>
    </PublicShell>
  );
}

const Guide = ({ t }: { t: Text }) => (
  <Card title={t.guide}>
    <div className="yg-stack">
      <p>{t.guideWhat}</p>
      <p>{t.guideKeep}</p>
      <p>
        <span className="strong">{t.noCertificate}</span> <A to="/enrol">{t.enrol}</A>
      </p>
    </div>
  </Card>
);

type Enter = (file: Uint8Array, passphrase: string) => Promise<void>;

function DemoLogins({ t, enter }: { t: Text; enter: Enter }) {
  const accounts = useDemoAccounts();
  const api = useApiClient();
  const [busy, setBusy] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const enterAs = async ({ id, passphrase }: DemoAccount) => {
    if (busy) return;
    setBusy(id);
    setFailed(false);
    try {
      const file = await api.read('GET /demo/accounts/:id/key.p12', { params: { id } });
      await enter(new Uint8Array(await file.arrayBuffer()), passphrase);
    } catch {
      setFailed(true);
    } finally {
      setBusy(null);
    }
  };
  if (accounts.length === 0) return null;
  return (
    <Card title={t.demoTitle} flush>
      <div className="body">
        <p className="muted">{t.demoLead}</p>
        {failed ? <Note tone="bad" live title={t.failed} /> : null}
      </div>
      <ul className="yg-rows">
        {accounts.map((account) => (
          <DemoRow key={account.id} t={t} account={account} busy={busy === account.id} onEnter={enterAs} />
        ))}
      </ul>
    </Card>
  );
}

type DemoRowProps = { t: Text; account: DemoAccount; busy: boolean; onEnter: (account: DemoAccount) => Promise<void> };

function DemoRow({ t, account, busy, onEnter }: DemoRowProps) {
  const { language, words } = useSpeech();
  const role = words.roles[account.role as keyof typeof words.roles];
  return (
    <li className="yg-row">
      <span className="main">
        <span className="yg-actions">
          <Chip tone="primary">{role}</Chip>
          <span className="strong">{account.name[language]}</span>
          <span className="small muted">{account.organisation?.name}</span>
        </span>
        <span className="small muted">{account.hint[language]}</span>
      </span>
      <Button busy={busy} onClick={() => void onEnter(account)}>
        {t.demoEnter(account.name[language])}
      </Button>
    </li>
  );
}
